using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>Every page of a portal that sends mail alone, in every state that looks different.</summary>
public static class MailTour
{
    private const string Email = "ann@example.com";

    /// <summary>The names of the stops and how to get to each from the one before.</summary>
    public static IEnumerable<(string Name, Func<Task> Show)> Of(Person ann) => Registration(ann).Concat(SignIn(ann)).Concat(Reset(ann));

    private static IEnumerable<(string Name, Func<Task> Show)> Registration(Person ann)
    {
        var page = ann.Page;
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
            var code = await ann.Server.CodeForAsync(Email);
            await ann.Verify.EnterAsync(code == "000000" ? "000001" : "000000");
            await Assertions.Expect(ann.Verify.Problem).ToContainTextAsync("4 attempts left");
            await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        });
        yield return ("inbox", () => page.GotoAsync("/dev/inbox"));
        yield return ("account", async () =>
        {
            await page.GotoAsync("/verify");
            await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(Email));
            await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        });
    }

    private static IEnumerable<(string Name, Func<Task> Show)> SignIn(Person ann)
    {
        var page = ann.Page;
        yield return ("home-signed-in", () => page.GotoAsync("/"));
        yield return ("not-found", () => page.GotoAsync("/nowhere"));
        yield return ("login", async () =>
        {
            await page.GotoAsync("/account");
            await ann.Account.SignOutAsync();
            await page.GotoAsync("/login");
        });
        yield return ("login-wrong", async () =>
        {
            await ann.Login.WithPasswordAsync(Email, "not my password");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
        });
    }

    private static IEnumerable<(string Name, Func<Task> Show)> Reset(Person ann)
    {
        var page = ann.Page;
        var server = ann.Server;
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
    }
}
