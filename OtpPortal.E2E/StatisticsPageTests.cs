using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The administrator's page of codes.</summary>
public sealed class StatisticsPageTests(BrowserFixture browsers, SharedAdministration shared) : IClassFixture<SharedAdministration>
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task The_range_of_the_statistics_is_chosen_by_links_and_the_page_needs_no_reload()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
        await ChooseSevenDaysAsync(admin);
        await Assertions.Expect(admin.Statistics.Refresh).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    [InlineData(BrowserCapabilities.NoWebSocket)]
    public async Task The_range_of_the_statistics_is_chosen_by_links_and_the_page_is_reloaded_by_a_link_without_a_circuit(
        BrowserCapabilities with)
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers, with);
        await ChooseSevenDaysAsync(admin);
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.JoinAsync(Ann);
        await admin.Statistics.Refresh.ClickAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("2 sent");
        await Assertions.Expect(admin.Page).ToHaveURLAsync(server.Url("/admin/otp?range=7d"));
    }

    [Fact]
    public async Task The_keyboard_reaches_the_ranges_and_bars_of_the_statistics_and_reads_their_figures()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
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
    public async Task The_statistics_page_sends_a_stranger_to_the_login_and_refuses_an_ordinary_person()
    {
        await using var server = await AdminTour.StartAsync();
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
    public async Task The_statistics_page_is_never_wider_than_its_window()
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

    private static Task<bool> FocusedAsync(ILocator element) =>
        element.EvaluateAsync<bool>("element => element === document.activeElement");

    private static async Task ChooseSevenDaysAsync(Person admin)
    {
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await Assertions.Expect(admin.Statistics.Heading).ToBeVisibleAsync();
        await Assertions.Expect(admin.Statistics.Range("24 hours")).ToHaveAttributeAsync("aria-current", "true");

        await admin.Statistics.Range("7 days").ClickAsync();

        await Assertions.Expect(admin.Page).ToHaveURLAsync(admin.Server.Url("/admin/otp?range=7d"));
        await Assertions.Expect(admin.Statistics.Range("7 days")).ToHaveAttributeAsync("aria-current", "true");
        await Assertions.Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Name = "The last 7 days", Exact = true }))
            .ToBeVisibleAsync();
        await Assertions.Expect(admin.Statistics.Tile("Are codes going out?")).ToContainTextAsync("1 sent");
        await Assertions.Expect(admin.Statistics.Bars("Codes over time")).ToHaveCountAsync(28);
    }
}
