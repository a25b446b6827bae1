using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The journey with everything logged, and a search for what must not be there.</summary>
public sealed class SecrecyTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";

    [Fact]
    public async Task No_code_password_or_token_is_in_any_log_line_at_any_level()
    {
        // Long codes of letters: six digits might stand in a log by chance, as a port or a time.
        var settings = new List<(string, string)>
        {
            ("Otp__Register__CodeLength", "16"), ("Otp__Register__Alphabet", "DigitsAndLetters"),
            ("Otp__Login__CodeLength", "16"), ("Otp__Login__Alphabet", "DigitsAndLetters"),
            ("Otp__ForgotPassword__CodeLength", "16"), ("Otp__ForgotPassword__Alphabet", "DigitsAndLetters"),
        };
        settings.AddRange(
            new[] { "Default", "Microsoft.AspNetCore", "Microsoft.AspNetCore.DataProtection", "Microsoft.EntityFrameworkCore" }
            .Select(category => ($"Logging__LogLevel__{category}", "Trace")));
        await using var server = await PortalServer.StartAsync([.. settings]);
        await using var ann = await Person.AtAsync(server, browsers);
        var secrets = new HashSet<string>(StringComparer.Ordinal)
        {
            "three small words",
            "wrong small words",
            "four rather small words",
            "2222222222222222",
        };

        await ann.Register.SubmitAsync(Email, "three small words");
        await ann.Verify.EnterAsync("2222222222222222");
        await Assertions.Expect(ann.Verify.Problem).ToBeVisibleAsync();
        await RecordAsync(1);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        await RecordAsync(1);
        await ann.Account.SignOutAsync();
        await ann.Login.WithPasswordAsync(Email, "wrong small words");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
        await ann.Login.WithCodeAsync(Email);
        await Assertions.Expect(ann.Verify.Code).ToBeVisibleAsync();
        await RecordAsync(2);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        await ann.Reset.AskAsync(Email);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 3));
        await Assertions.Expect(ann.Reset.NewPassword).ToBeVisibleAsync();
        await RecordAsync(3);
        await ann.Reset.SetAsync("four rather small words");
        await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url("/login?reset=true"));

        await server.SaidAsync("/login?reset=true");
        var log = server.Output;
        Assert.Contains("trce: ", log, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore.SignalR", log, StringComparison.Ordinal);
        Assert.Contains("/reset-password", log, StringComparison.Ordinal);
        Assert.True(secrets.Count > 15, $"Only {secrets.Count} secrets were noted.");
        Assert.Empty(secrets.Where(secret => log.Contains(secret, StringComparison.Ordinal)).Select(secret => secret[..6] + "…"));

        // Codes that were mailed, cookies, and the hidden fields of the page.
        async Task RecordAsync(int messages)
        {
            secrets.Add(await server.CodeForAsync(Email, messages));
            secrets.UnionWith((await ann.Page.Context.CookiesAsync()).Select(cookie => cookie.Value));
            foreach (var hidden in await ann.Page.Locator("input[type=hidden]").AllAsync())
            {
                var value = await hidden.InputValueAsync();
                if (value.Length > 20)
                {
                    secrets.Add(value);
                }
            }
        }
    }
}
