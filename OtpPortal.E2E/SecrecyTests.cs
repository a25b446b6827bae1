using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The journey with everything logged, and a search for what must not be there.</summary>
public sealed class SecrecyTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";

    private static readonly string[] Passwords = ["three small words", "wrong small words", "four rather small words"];

    // Long codes of letters: six digits might stand in a log by chance, as a port or a time.
    private static readonly string[] Purposes = ["Register", "Login", "ForgotPassword"];

    private static readonly string[] Categories =
        ["Default", "Microsoft.AspNetCore", "Microsoft.AspNetCore.DataProtection", "Microsoft.EntityFrameworkCore"];

    [Fact]
    public async Task No_code_password_or_token_is_in_any_log_line_at_any_level()
    {
        await using var server = await PortalServer.StartAsync(
        [
            .. Purposes.Select(purpose => ($"Otp__{purpose}__CodeLength", "16")),
            .. Purposes.Select(purpose => ($"Otp__{purpose}__Alphabet", "DigitsAndLetters")),
            .. Categories.Select(category => ($"Logging__LogLevel__{category}", "Trace")),
        ]);
        await using var ann = await Person.AtAsync(server, browsers);
        var secrets = new HashSet<string>(Passwords, StringComparer.Ordinal);

        await RegisterAsync(ann, secrets);
        await SignInAsync(ann, secrets);
        await ResetAsync(ann, secrets);

        await server.SaidAsync("/login?reset=true");
        var log = server.Output;
        Assert.Contains("trce: ", log, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore.SignalR", log, StringComparison.Ordinal);
        Assert.Contains("/reset-password", log, StringComparison.Ordinal);
        Assert.True(secrets.Count > 15, $"Only {secrets.Count} secrets were noted.");
        Assert.Empty(secrets.Where(secret => log.Contains(secret, StringComparison.Ordinal)).Select(secret => secret[..6] + "…"));
    }

    private static async Task RegisterAsync(Person ann, HashSet<string> secrets)
    {
        const string WrongCode = "2222222222222222";
        secrets.Add(WrongCode);
        await ann.Register.SubmitAsync(Email, Passwords[0]);
        await ann.Verify.EnterAsync(WrongCode);
        await Assertions.Expect(ann.Verify.Problem).ToBeVisibleAsync();
        await RecordAsync(ann, 1, secrets);
        await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        await RecordAsync(ann, 1, secrets);
        await ann.Account.SignOutAsync();
    }

    private static async Task SignInAsync(Person ann, HashSet<string> secrets)
    {
        await ann.Login.WithPasswordAsync(Email, Passwords[1]);
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
        await ann.Login.WithCodeAsync(Email);
        await Assertions.Expect(ann.Verify.Code).ToBeVisibleAsync();
        await RecordAsync(ann, 2, secrets);
        await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(Email, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }

    private static async Task ResetAsync(Person ann, HashSet<string> secrets)
    {
        await ann.Reset.AskAsync(Email);
        await ann.Verify.EnterAsync(await ann.Server.CodeForAsync(Email, 3));
        await Assertions.Expect(ann.Reset.NewPassword).ToBeVisibleAsync();
        await RecordAsync(ann, 3, secrets);
        await ann.Reset.SetAsync(Passwords[2]);
        await Assertions.Expect(ann.Page).ToHaveURLAsync(ann.Server.Url("/login?reset=true"));
    }

    /// <summary>Codes that were mailed, cookies, and the hidden fields of the page.</summary>
    private static async Task RecordAsync(Person ann, int messages, HashSet<string> secrets)
    {
        secrets.Add(await ann.Server.CodeForAsync(Email, messages));
        secrets.UnionWith((await ann.Page.Context.CookiesAsync()).Select(cookie => cookie.Value));
        var hidden = new List<string>();
        foreach (var field in await ann.Page.Locator("input[type=hidden]").AllAsync())
        {
            hidden.Add(await field.InputValueAsync());
        }

        secrets.UnionWith(hidden.Where(value => value.Length > 20));
    }
}
