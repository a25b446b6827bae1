using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The administrator's page of codes.</summary>
public sealed class StatisticsPageTests(BrowserFixture browsers, SharedAdministration shared) : IClassFixture<SharedAdministration>
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task An_administrator_watches_a_registration()
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server);
        await admin.Statistics.GoLiveAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");

        // What the administrator has opened, chosen and scrolled to stays as it is.
        var loaded = await admin.Page.EvaluateAsync<double>("performance.timeOrigin");
        await admin.Statistics.Details.First.ClickAsync();
        await admin.Statistics.Bars("Codes over time").Last.FocusAsync();
        await admin.Page.EvaluateAsync("scrollTo(0, 300)");

        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Ann, "three small words");
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("2 sent");
        await Assertions.Expect(admin.Statistics.Tile("Do people get in?")).ToContainTextAsync("50 % entered");
        await Assertions.Expect(admin.Statistics.Tile("Active codes"))
            .ToContainTextAsync(new Regex("Registration\\s*1", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await ann.Verify.EnterAsync(await server.CodeForAsync(Ann));
        await Assertions.Expect(admin.Statistics.Tile("Do people get in?")).ToContainTextAsync("100 % entered");
        await Assertions.Expect(admin.Statistics.Table("By mail domain")).ToContainTextAsync("example.com");

        Assert.Equal(loaded, await admin.Page.EvaluateAsync<double>("performance.timeOrigin"));
        Assert.Equal(300, await admin.Page.EvaluateAsync<double>("scrollY"));
        await Assertions.Expect(admin.Statistics.Bars("Codes over time").Last).ToBeFocusedAsync();
        await Assertions.Expect(admin.Statistics.Table("Codes over time as a table")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_time_it_was_updated_moves()
    {
        await using var admin = await shared.AdministratorAsync();
        await admin.Statistics.GoLiveAsync();

        var before = await admin.Statistics.Updated.InnerTextAsync();

        await Assertions.Expect(admin.Statistics.Updated).Not.ToHaveTextAsync(before);
    }

    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    [InlineData(BrowserCapabilities.NoWebSocket)]
    public async Task The_range_is_chosen_by_links_and_the_page_is_complete_without_a_circuit(BrowserCapabilities with)
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server, with);
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await Assertions.Expect(admin.Statistics.Heading).ToBeVisibleAsync();
        await Assertions.Expect(admin.Statistics.Range("24 hours")).ToHaveAttributeAsync("aria-current", "true");

        await admin.Statistics.Range("7 days").ClickAsync();

        await Assertions.Expect(admin.Page).ToHaveURLAsync(server.Url("/admin/otp?range=7d"));
        await Assertions.Expect(admin.Statistics.Range("7 days")).ToHaveAttributeAsync("aria-current", "true");
        await Assertions.Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Name = "The last 7 days", Exact = true }))
            .ToBeVisibleAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");
        await Assertions.Expect(admin.Statistics.Bars("Codes over time")).ToHaveCountAsync(28);
        if (with == BrowserCapabilities.Everything)
        {
            await Assertions.Expect(admin.Statistics.Refresh).ToBeHiddenAsync();
            return;
        }

        await using var ann = await Person.AtAsync(server, browsers);
        await ann.JoinAsync(Ann);
        await admin.Statistics.Refresh.ClickAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("2 sent");
        await Assertions.Expect(admin.Page).ToHaveURLAsync(server.Url("/admin/otp?range=7d"));
    }

    [Fact]
    public async Task The_keyboard_goes_through_ranges_and_bars_and_reads_their_figures()
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server);
        await admin.Statistics.GoLiveAsync("?range=30d");
        await admin.Statistics.Range("24 hours").FocusAsync();
        await admin.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(admin.Statistics.Range("7 days")).ToBeFocusedAsync();

        // Tab goes to the newest bar, arrows to those before it, Tab again goes on.
        var bars = admin.Statistics.Bars("Codes over time");
        for (var i = 0; i < 20 && !await FocusedAsync(bars.Last); i++)
        {
            await admin.Page.Keyboard.PressAsync("Tab");
        }

        await Assertions.Expect(bars.Last).ToBeFocusedAsync();
        await Assertions.Expect(bars.Last)
            .ToHaveAccessibleNameAsync(new Regex("Sent 1 Delivered 1 Entered 1$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(bars.Last.GetByText("Delivered")).ToBeVisibleAsync();
        await admin.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(bars.Nth(28)).ToBeFocusedAsync();
        await Assertions.Expect(bars.Last.GetByText("Delivered")).ToBeHiddenAsync();
        await admin.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(bars.First).ToBeFocusedAsync();
        await admin.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(bars.First).ToBeFocusedAsync();
        await admin.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(bars.Last).ToBeFocusedAsync();
        await admin.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(admin.Statistics.Details.First).ToBeFocusedAsync();
        await admin.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(admin.Statistics.Table("Codes over time as a table")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task It_rests_while_its_tab_is_hidden_and_is_right_at_once_afterwards()
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server);
        await admin.Statistics.GoLiveAsync();

        await HideAsync(admin.Page, hidden: true);
        await Assertions.Expect(admin.Statistics.Paused).ToBeVisibleAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.JoinAsync(Ann);
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");
        await HideAsync(admin.Page, hidden: false);

        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("2 sent", new() { Timeout = 3000 });
        await Assertions.Expect(admin.Statistics.Paused).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_page_left_open_shows_nothing_more_once_the_session_was_ended()
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server);
        await admin.Statistics.GoLiveAsync();

        // A new password ends all other sessions, those in an open page too.
        await using var elsewhere = await Person.AtAsync(server, browsers);
        await elsewhere.Reset.AskAsync(AdminTour.Administrator);
        await elsewhere.Verify.EnterAsync(await server.CodeForAsync(AdminTour.Administrator, 2));
        await elsewhere.Reset.SetAsync("four rather small words");

        await Assertions.Expect(admin.Statistics.Ended).ToBeVisibleAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToBeHiddenAsync();
        await admin.Page.ReloadAsync();
        await Assertions.Expect(admin.Page).ToHaveURLAsync(new Regex("/login\\?returnUrl=", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Whoever_signs_out_in_another_tab_finds_it_closed_on_coming_back()
    {
        await using var admin = await shared.AdministratorAsync();
        await admin.Statistics.GoLiveAsync();
        await HideAsync(admin.Page, hidden: true);
        await Assertions.Expect(admin.Statistics.Paused).ToBeVisibleAsync();

        var other = await admin.SecondWindowAsync();
        await other.Page.GotoAsync("/account");
        await other.Account.SignOutAsync();
        await Assertions.Expect(other.Page).ToHaveURLAsync(shared.Server.Url("/"));
        await HideAsync(admin.Page, hidden: false);

        await Assertions.Expect(admin.Page).ToHaveURLAsync(new Regex("/login\\?returnUrl=", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task It_lives_on_after_the_server_was_started_anew()
    {
        await using var server = await StartAsync();
        await using var admin = await AdministratorAsync(server);
        await admin.Statistics.GoLiveAsync();
        var loaded = await admin.Page.EvaluateAsync<double>("performance.timeOrigin");

        await server.KillAsync();
        await Assertions.Expect(admin.Page.GetByText("Live updates are paused")).ToBeVisibleAsync();
        await server.StartAsync();

        // It finds the way back by itself, sooner or later.
        await admin.Page.WaitForFunctionAsync("loaded => performance.timeOrigin !== loaded", loaded, new() { Timeout = 60_000 });
        await Assertions.Expect(admin.Statistics.Refresh).ToBeHiddenAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");
    }

    [Fact]
    public async Task Strangers_sign_in_first_and_others_are_told_that_it_is_not_for_them()
    {
        await using var server = await StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Statistics.GoAsync("?range=1h");
        await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url("/login?returnUrl=%2Fadmin%2Fotp%3Frange%3D1h"));

        await ann.JoinAsync(Ann);
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Administration" })).ToHaveCountAsync(0);
        var answer = await ann.Page.GotoAsync("/admin/otp");

        Assert.Equal(403, answer!.Status);
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Access denied" })).ToBeVisibleAsync();
        await Assertions.Expect(ann.Page.GetByText("Active codes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_page_is_never_broader_than_its_window()
    {
        await using var admin = await shared.AdministratorAsync();
        foreach (var range in new[] { "15m", "7d", "30d" })
        {
            await admin.Statistics.GoLiveAsync($"?range={range}");
            await admin.Statistics.Details.First.ClickAsync();
            await admin.Statistics.Bars("Codes over time").Last.FocusAsync();
            foreach (var width in new[] { 320, 360, 1280 })
            {
                await admin.Page.SetViewportSizeAsync(width, 740);
                Assert.Equal(width, await admin.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            }
        }
    }

    private static Task<PortalServer> StartAsync() => PortalServer.StartAsync(("Admin__Emails", AdminTour.Administrator));

    private async Task<Person> AdministratorAsync(PortalServer server, BrowserCapabilities with = BrowserCapabilities.Everything)
    {
        var admin = await Person.AtAsync(server, browsers, with);
        await admin.JoinAsync(AdminTour.Administrator);
        return admin;
    }

    private static Task<bool> FocusedAsync(ILocator element) =>
        element.EvaluateAsync<bool>("element => element === document.activeElement");

    /// <summary>As the browser does it when another tab is chosen.</summary>
    private static Task HideAsync(IPage page, bool hidden) => page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        hidden);
}
