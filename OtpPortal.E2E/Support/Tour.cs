using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>Every page of the portal in every state that looks different, in an order in which a new person can see them.</summary>
public static class Tour
{
    /// <summary>Who sees the administrator's pages, if the server is told so by <c>Admin:Emails</c>.</summary>
    public const string Administrator = "admin@example.com";

    private const string Email = "ann@example.com";

    /// <summary>The names of the stops and how to get to each from the one before.</summary>
    public static IEnumerable<(string Name, Func<Task> Show)> Of(Person ann)
    {
        var page = ann.Page;
        var server = ann.Server;
        yield return ("home", () => page.GotoAsync("/"));
        yield return ("inbox-empty", () => page.GotoAsync("/dev/inbox"));
        yield return ("register", () => page.GotoAsync("/register"));
        yield return ("register-errors", async () =>
        {
            await ann.Register.FillAsync("ann(at)example.com", "password");
            await ann.Register.Again.FillAsync("passwort");
            await ann.Register.Mobile.FillAsync("0770");
            await ann.Register.LastName.FillAsync("");
            await ann.Register.Submit.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(5);
        });
        yield return ("verify-nothing", () => page.GotoAsync("/verify"));
        yield return ("verify", async () =>
        {
            await ann.Register.SubmitAsync(Email, "three small words");
            await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        });
        yield return ("verify-wrong", async () =>
        {
            var code = await server.CodeForAsync(Email);
            await ann.Verify.EnterAsync(code == "000000" ? "000001" : "000000");
            await Assertions.Expect(ann.Verify.Problem).ToContainTextAsync("4 tries left");
            await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        });
        yield return ("inbox", () => page.GotoAsync("/dev/inbox"));
        yield return ("account", async () =>
        {
            await page.GotoAsync("/verify");
            await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
            await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        });
        yield return ("home-signed-in", () => page.GotoAsync("/"));
        yield return ("not-found", () => page.GotoAsync("/nowhere"));
        yield return ("not-allowed", () => page.GotoAsync("/admin/otp"));
        yield return ("login", async () =>
        {
            await page.GotoAsync("/account");
            await ann.Account.SignOut.ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(server.Url("/"));
            await page.GotoAsync("/login");
        });
        yield return ("login-wrong", () => ann.Login.WithPasswordAsync(Email, "not my password"));
        yield return ("forgot-password", () => page.GotoAsync("/forgot-password"));
        yield return ("reset-without-code", () => page.GotoAsync("/reset-password"));
        yield return ("reset-password", async () =>
        {
            await ann.Reset.AskAsync(Email);
            await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 2));
            await Assertions.Expect(ann.Reset.NewPassword).ToBeVisibleAsync();
        });
        yield return ("login-after-reset", async () =>
        {
            await ann.Reset.SetAsync("four rather small words");
            await Assertions.Expect(page).ToHaveURLAsync(server.Url("/login?reset=true"));
        });
        yield return ("account-administrator", () => ann.JoinAsync(Administrator));
        yield return ("admin-otp", () => ann.Statistics.GoLiveAsync());
        yield return ("admin-otp-30d", async () =>
        {
            await ann.Statistics.GoLiveAsync("?range=30d");
            await ann.Statistics.Details.First.ClickAsync();
            await ann.Statistics.Bars("Codes over time").Last.FocusAsync();
        });
    }
}
