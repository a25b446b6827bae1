using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>Every page of an administrator, in every state that looks different.</summary>
public static class AdminTour
{
    /// <summary>Who sees them, if the server is told so by <c>Admin:Emails</c>.</summary>
    public const string Administrator = "admin@example.com";

    /// <summary>A portal with one administrator.</summary>
    public static Task<PortalServer> StartAsync() => PortalServer.StartAsync(("Admin__Emails", Administrator));

    /// <summary>The administrator, who registers first.</summary>
    public static async Task<Person> AdministratorAsync(
        PortalServer server, BrowserFixture browsers, BrowserCapabilities with = BrowserCapabilities.Everything)
    {
        var admin = await Person.AtAsync(server, browsers, with);
        await admin.JoinAsync(Administrator);
        return admin;
    }

    /// <summary>The names of the stops and how to get to each from the one before.</summary>
    public static IEnumerable<(string Name, Func<Task> Show)> Of(Person ann) => StatisticsAndActivity(ann).Concat(People(ann));

    private static IEnumerable<(string Name, Func<Task> Show)> StatisticsAndActivity(Person ann)
    {
        var page = ann.Page;
        yield return ("not-allowed", async () =>
        {
            await ann.JoinAsync("ann@example.com");
            await page.GotoAsync("/admin/otp");
        });
        yield return ("account-administrator", async () =>
        {
            await page.GotoAsync("/account");
            await ann.Account.SignOutAsync();
            await ann.JoinAsync(Administrator);
        });
        yield return ("admin-otp", () => ann.Statistics.GoLiveAsync());
        yield return ("admin-otp-30d", async () =>
        {
            await ann.Statistics.GoLiveAsync("?range=30d");
            await ann.Statistics.Details.First.ClickAsync();
            await ann.Statistics.Bars("Codes over time").Last.FocusAsync();
        });
        yield return ("admin-activity", () => ann.Activity.GoAsync());
        yield return ("admin-activity-nothing", () => ann.Activity.GoAsync("?kind=locked"));
        yield return ("admin-activity-wrong", async () =>
        {
            await ann.Activity.Person.FillAsync("ann");
            await ann.Activity.Show.ClickAsync();
            await Assertions.Expect(ann.Activity.Person).ToHaveAttributeAsync("aria-invalid", "true");
        });
    }

    private static IEnumerable<(string Name, Func<Task> Show)> People(Person ann)
    {
        yield return ("admin-people", async () =>
        {
            var registered = await ann.Page.APIRequest.PostAsync("/api/auth/register",
                new() { DataObject = new { email = "chi@example.com", password = "three small words", firstName = "Chi",
                    lastName = "Okoro" } });
            Assert.True(registered.Ok);
            await ann.People.GoAsync();
            await Assertions.Expect(ann.People.Waiting).ToContainTextAsync("chi@example.com");
        });
        yield return ("admin-people-found", () => ann.People.SearchAsync("ann"));
        yield return ("admin-people-nobody", () => ann.People.SearchAsync("nobody at all"));
        yield return ("admin-person", () => ann.People.OpenAsync("ann@example.com"));
        yield return ("admin-person-delete", async () =>
        {
            await ann.People.AskAsync("Delete");
            await Assertions.Expect(ann.People.Keep).ToBeVisibleAsync();
        });
        yield return ("admin-person-told", async () =>
        {
            await ann.People.Keep.ClickAsync();
            await ann.People.AskAsync("Unlock");
            await ann.People.ConfirmAsync("Unlock");
            await Assertions.Expect(ann.People.Told).ToBeVisibleAsync();
        });
        yield return ("admin-person-yourself", () => ann.People.OpenAsync(Administrator));
    }
}
