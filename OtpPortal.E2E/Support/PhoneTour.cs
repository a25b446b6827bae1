using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>What looks different where codes go to phones too.</summary>
public static class PhoneTour
{
    private const string Email = "ann@example.com";
    private const string Mobile = "+447700900123";

    /// <inheritdoc cref="Tour.Of"/>
    public static IEnumerable<(string Name, Func<Task> Show)> Of(Person ann) => Verification(ann).Concat(SignIn(ann)).Concat(Move(ann));

    private static IEnumerable<(string Name, Func<Task> Show)> Verification(Person ann)
    {
        var page = ann.Page;
        var server = ann.Server;
        yield return ("phone-login", () => page.GotoAsync("/login"));
        yield return ("phone-forgot-password", () => page.GotoAsync("/forgot-password"));
        yield return ("phone-account-unverified", () => RegisterAsync(ann, Email));
        yield return ("phone-verify", async () =>
        {
            await ann.Account.VerifyBySms.ClickAsync();
            await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("SMS is being delivered normally.");
        });
        yield return ("phone-verify-wrong", async () =>
        {
            var code = await server.CodeForAsync(Mobile);
            await ann.Verify.EnterAsync(code == "000000" ? "000001" : "000000");
            await Assertions.Expect(ann.Verify.Problem).ToContainTextAsync("4 attempts left");
        });
        yield return ("phone-account-verified", async () =>
        {
            await ann.Verify.EnterAsync(await server.CodeForAsync(Mobile));
            await Assertions.Expect(page.GetByText("verified", new() { Exact = true })).ToHaveCountAsync(2);
        });
    }

    private static IEnumerable<(string Name, Func<Task> Show)> SignIn(Person ann)
    {
        var page = ann.Page;
        yield return ("phone-login-known", async () =>
        {
            await ann.Account.SignOutAsync();
            await page.GotoAsync("/login");
        });
        yield return ("phone-forgot-password-known", () => page.GotoAsync("/forgot-password"));
        yield return ("phone-reset-code", async () =>
        {
            await ann.Reset.Email.FillAsync(Email);
            await page.GetByRole(AriaRole.Button, new() { Name = "Text me a code" }).ClickAsync();
            await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("SMS is being delivered normally.");
        });
        yield return ("phone-login-code", async () =>
        {
            await page.GotoAsync("/login");
            await ann.Login.Email.FillAsync(Email);
            await page.GetByRole(AriaRole.Button, new() { Name = "Send me a code by WhatsApp" }).ClickAsync();
            await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("WhatsApp is being delivered normally.");
        });
        yield return ("phone-inbox", async () =>
        {
            await ann.Server.MessagesAsync(Mobile, 3);
            await ann.Inbox.OpenAsync();
            await Assertions.Expect(ann.Inbox.Messages).ToHaveCountAsync(4);
        });
    }

    private static IEnumerable<(string Name, Func<Task> Show)> Move(Person ann)
    {
        var page = ann.Page;
        yield return ("phone-verify-held", async () =>
        {
            await RegisterAsync(ann, "bob@example.com");
            await ann.Account.VerifyBySms.ClickAsync();
            await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(Mobile, 4));
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Move number" })).ToBeVisibleAsync();
        });
        yield return ("phone-account-moved", async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Move number" }).ClickAsync();
            await Assertions.Expect(page.GetByText("verified", new() { Exact = true })).ToHaveCountAsync(2);
        });
    }

    private static async Task RegisterAsync(Person ann, string email)
    {
        await ann.Register.FillAsync(email, "three small words");
        await ann.Register.Mobile.FillAsync(Mobile);
        await ann.Register.Submit.ClickAsync();
        await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(email));
        await Assertions.Expect(ann.Account.VerifyBySms).ToBeVisibleAsync();
    }
}
