using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The administrator's page of everything that happened.</summary>
public sealed class ActivityPageTests(BrowserFixture browsers, SharedAdministration shared) : IClassFixture<SharedAdministration>
{
    private readonly PortalServer server = shared.Server;

    private string Ann { get; } = shared.NewEmail();

    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    public async Task An_administrator_searches_the_activity_of_a_person_and_narrows_it_down(BrowserCapabilities with)
    {
        await using var admin = await shared.AdministratorAsync(with);
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.JoinAsync(Ann);

        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Activity" }).ClickAsync();
        await Assertions.Expect(admin.Activity.Heading).ToBeVisibleAsync();
        await Assertions.Expect(admin.Activity.Rows.First).ToContainTextAsync("Signed in");
        await admin.Activity.Person.FillAsync($" {Ann.ToUpperInvariant()} ");
        await admin.Activity.Show.ClickAsync();

        await Assertions.Expect(admin.Activity.Rows).ToContainTextAsync(
            ["Signed in", "Code entered", "Delivered", "Registered", "Code sent"]);
        await Assertions.Expect(admin.Activity.Events).Not.ToContainTextAsync(AdminTour.Administrator);

        // Who is looked for stands in no address that a browser or proxy keeps, and what was chosen stays chosen.
        Assert.DoesNotContain("ann", admin.Page.Url, StringComparison.OrdinalIgnoreCase);
        await Assertions.Expect(admin.Activity.Person).ToHaveValueAsync(Ann);
        await admin.Activity.What.SelectOptionAsync("Code entered");
        await admin.Activity.Purpose.SelectOptionAsync("Registration");
        await admin.Activity.Show.ClickAsync();
        await Assertions.Expect(admin.Activity.Rows).ToContainTextAsync(["Code entered"]);
        await Assertions.Expect(admin.Activity.What).ToHaveValueAsync("verified");

        await admin.Page.GoBackAsync();
        await Assertions.Expect(admin.Activity.Rows).ToHaveCountAsync(5);
        await admin.Activity.ShowEverything.ClickAsync();
        await Assertions.Expect(admin.Activity.Events).ToContainTextAsync(AdminTour.Administrator);
    }

    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    public async Task A_mistyped_activity_search_is_explained_beside_its_fields_and_keeps_what_was_typed(BrowserCapabilities with)
    {
        await using var admin = await shared.AdministratorAsync(with);
        await admin.Activity.GoAsync();

        await admin.Activity.Person.FillAsync("ann");
        await admin.Activity.What.SelectOptionAsync("Wrong code");
        await admin.Activity.From.FillAsync("2026-03-01T14:00");
        await admin.Activity.Until.FillAsync("2026-03-01T13:00");
        await admin.Activity.Show.ClickAsync();

        await Assertions.Expect(admin.Page.GetByText("Enter a full email address, or a mobile number")).ToBeVisibleAsync();
        await Assertions.Expect(admin.Page.GetByText("Choose a time after the one in From")).ToBeVisibleAsync();
        await Assertions.Expect(admin.Activity.Person).ToHaveValueAsync("ann");
        await Assertions.Expect(admin.Activity.Person).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(admin.Activity.What).ToHaveValueAsync("wrongCode");
        await Assertions.Expect(admin.Activity.From).ToHaveValueAsync("2026-03-01T14:00");
        await Assertions.Expect(admin.Activity.Until).ToHaveValueAsync("2026-03-01T13:00");
    }

    [Theory]
    [InlineData("Asia/Kolkata", 330)]
    [InlineData("America/St_Johns", -210)]
    public async Task Times_of_the_activity_page_are_shown_and_typed_in_the_readers_own_time_zone(string zone, int minutes)
    {
        await using var admin = await shared.AdministratorAsync(zone: zone);
        await admin.Activity.GoAsync();
        await Assertions.Expect(admin.Page.GetByText("(your time)")).ToHaveCountAsync(2);
        await Assertions.Expect(admin.Page.GetByText("UTC")).ToHaveCountAsync(0);

        // A day in the middle of winter, when no clock is put forward.
        await admin.Activity.From.FillAsync("2026-01-15T14:00");
        await admin.Activity.Show.ClickAsync();

        var from = new DateTime(2026, 1, 15, 14, 0, 0, DateTimeKind.Utc).AddMinutes(-minutes);
        await Assertions.Expect(admin.Page)
            .ToHaveURLAsync(
                server.Url(
                    $"/admin/activity?from={Uri.EscapeDataString(from.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture))}"));
        await Assertions.Expect(admin.Activity.From).ToHaveValueAsync("2026-01-15T14:00");
        await Assertions.Expect(admin.Activity.Rows.First).ToContainTextAsync("Signed in");
        await admin.Activity.From.FillAsync("");
        await admin.Activity.Until.FillAsync("2026-01-15T14:00");
        await admin.Activity.Show.ClickAsync();
        await Assertions.Expect(admin.Page.GetByText("No events match.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_activity_log_is_paged_to_older_events_and_back()
    {
        await using var admin = await shared.AdministratorAsync();
        using var program = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 60; i++)
        {
            using var answer = await program.PostAsJsonAsync(new Uri("/api/auth/login", UriKind.Relative),
                new { email = $"nobody{i}@example.com", password = "a wrong password" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        await admin.Activity.GoAsync("?kind=wrongPassword");
        await Assertions.Expect(admin.Activity.Rows).ToHaveCountAsync(50);
        await Assertions.Expect(admin.Activity.Page("Newer")).ToHaveCountAsync(0);
        await admin.Activity.Page("Older").ClickAsync();
        await Assertions.Expect(admin.Activity.Rows).ToHaveCountAsync(10);
        await Assertions.Expect(admin.Activity.Rows.Last).ToContainTextAsync("nobody0@example.com");
        await Assertions.Expect(admin.Activity.Page("Older")).ToHaveCountAsync(0);
        await admin.Activity.Page("Newer").ClickAsync();
        await Assertions.Expect(admin.Activity.Rows).ToHaveCountAsync(50);
        await Assertions.Expect(admin.Activity.Rows.First).ToContainTextAsync("nobody59@example.com");
    }

    [Fact]
    public async Task The_events_found_by_a_search_are_downloaded_as_CSV_and_as_JSON()
    {
        await using var admin = await shared.AdministratorAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.JoinAsync(Ann);
        await admin.Activity.GoAsync();
        await admin.Activity.Events.GetByRole(AriaRole.Link, new() { Name = Ann }).First.ClickAsync();
        await Assertions.Expect(admin.Activity.Rows).ToHaveCountAsync(5);

        var csv = await DownloadAsync(admin, "CSV");
        var json = await DownloadAsync(admin, "JSON");

        Assert.Matches("^activity-[0-9]{8}T[0-9]{6}Z\\.csv$", csv.Name);
        Assert.Equal(6, csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(
            ["signedIn", "verified", "handedOver", "registered", "sent"],
            JsonSerializer.Deserialize<JsonElement[]>(json.Text)!.Select(one => one.GetProperty("kind").GetString()));
        Assert.DoesNotContain(AdminTour.Administrator, csv.Text + json.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_activity_page_is_never_wider_than_its_window()
    {
        await using var admin = await shared.AdministratorAsync();
        await admin.Activity.GoAsync();
        await Assertions.Expect(admin.Activity.Rows.First).ToBeVisibleAsync();
        foreach (var width in new[] { 320, 1280 })
        {
            await admin.Page.SetViewportSizeAsync(width, 740);
            Assert.Equal(width, await admin.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    private static async Task<(string Name, string Text)> DownloadAsync(Person admin, string format)
    {
        var download = await admin.Page.RunAndWaitForDownloadAsync(() => admin.Activity.Download(format).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(stream);
        return (download.SuggestedFilename, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
