namespace OtpPortal.E2E.Support;

/// <summary>Every page of an administrator, in every state that looks different.</summary>
public static class AdminTour
{
    /// <summary>Who sees them, if the server is told so by <c>Admin:Emails</c>.</summary>
    public const string Administrator = "admin@example.com";

    /// <summary>The names of the stops and how to get to each from the one before.</summary>
    public static IEnumerable<(string Name, Func<Task> Show)> Of(Person ann)
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
            await Microsoft.Playwright.Assertions.Expect(ann.Activity.Person).ToHaveAttributeAsync("aria-invalid", "true");
        });
    }
}
