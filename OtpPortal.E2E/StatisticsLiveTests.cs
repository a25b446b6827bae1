using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The administrator's page of codes while it stays open.</summary>
public sealed class StatisticsLiveTests(BrowserFixture browsers, SharedAdministration shared) : IClassFixture<SharedAdministration>
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task An_administrator_watches_a_registration_on_the_statistics_page()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
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
    public async Task The_statistics_page_goes_on_updating_its_time()
    {
        await using var admin = await shared.AdministratorAsync();
        await admin.Statistics.GoLiveAsync();

        var before = await admin.Statistics.Updated.InnerTextAsync();

        await Assertions.Expect(admin.Statistics.Updated).Not.ToHaveTextAsync(before);
    }

    [Fact]
    public async Task The_statistics_page_rests_while_its_tab_is_hidden_and_is_right_at_once_afterwards()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
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
    public async Task An_open_statistics_page_shows_nothing_more_once_its_session_was_ended()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
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
    public async Task The_statistics_page_leads_to_the_login_after_a_sign_out_in_another_tab()
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
    public async Task The_statistics_page_recovers_after_a_restart_of_the_server()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
        await admin.Statistics.GoLiveAsync();
        var loaded = await admin.Page.EvaluateAsync<double>("performance.timeOrigin");

        await server.KillAsync();
        await Assertions.Expect(admin.Page.GetByText("Live updates are paused")).ToBeVisibleAsync();
        await server.StartAsync();

        // The page reloads itself once the server answers, sooner or later.
        await admin.Page.WaitForFunctionAsync("loaded => performance.timeOrigin !== loaded", loaded, new() { Timeout = 60_000 });
        await Assertions.Expect(admin.Statistics.Refresh).ToBeHiddenAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");
    }

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
