using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What people type wrong, and what they see.</summary>
public sealed class BadInputTests(BrowserFixture browsers, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly PortalServer server = shared.Server;

    private string Email { get; } = shared.NewEmail();

    [Fact]
    public async Task Every_mistake_is_named_beside_its_field_and_what_was_typed_stays()
    {
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.FillAsync("ann(at)example.com", "password1");
        await ann.Register.Again.FillAsync("password2");
        await ann.Register.LastName.FillAsync("");
        await ann.Register.Mobile.FillAsync("07700 900123");
        await ann.Register.Submit.ClickAsync();

        await ExpectErrorAsync(ann.Register.Email, "This address has no @.");
        await ExpectErrorAsync(ann.Register.Password, "This password is too common.");
        await ExpectErrorAsync(ann.Register.Again, "The passwords do not match.");
        await ExpectErrorAsync(ann.Register.LastName, "Enter your last name.");
        await ExpectErrorAsync(ann.Register.Mobile, "with its country code");
        await Assertions.Expect(ann.Register.Email).ToHaveValueAsync("ann(at)example.com");
        await Assertions.Expect(ann.Register.FirstName).ToHaveValueAsync("Ann");
        await Assertions.Expect(ann.Register.Mobile).ToHaveValueAsync("07700 900123");
        await Assertions.Expect(ann.Register.Password).ToHaveValueAsync("");
        await Assertions.Expect(ann.Register.Email).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("", "Enter your email address.")]
    [InlineData("@example.com", "Something is missing before or after the @.")]
    [InlineData("a b@example.com", "The part before the @ is not valid")]
    [InlineData("ann@exa mple.com", "The part after the @ is not a valid mail domain.")]
    public async Task A_malformed_address_is_explained(string typed, string expected)
    {
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Reset.AskAsync(typed);
        await ExpectErrorAsync(ann.Reset.Email, expected);

        await ann.Reset.AskAsync(new string('a', 250) + "@example.com");
        await ExpectErrorAsync(ann.Reset.Email, "longer than 254 characters");
    }

    [Fact]
    public async Task Text_that_cannot_be_a_code_costs_no_attempt()
    {
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        var code = await server.CodeForAsync(Email);

        // More than the five tries that a code allows.
        foreach (var typed in new[] { "12345", "1234567", "12a456", "", "12345", "1234567", "12a456", "" })
        {
            await ann.Verify.EnterInVainAsync(typed);
            await ExpectErrorAsync(ann.Verify.Code, "A code has 6 digits.");
            await Assertions.Expect(ann.Verify.Code).ToHaveValueAsync("");
        }

        await ann.Verify.EnterAsync(code);
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_foreign_return_address_is_ignored_and_a_local_one_followed()
    {
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        foreach (var (asked, reached) in new[] { ("https://elsewhere.example/", "/account"), ("//elsewhere.example", "/account"),
            ("/?from=login", "/?from=login") })
        {
            await ann.Page.GotoAsync("/account");
            await ann.Account.SignOutAsync();
            await ann.Page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(asked)}");
            await ann.Login.Email.FillAsync(Email);
            await ann.Login.Password.FillAsync("three small words");
            await ann.Login.Submit.ClickAsync();
            await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url(reached));
        }
    }

    [Fact]
    public async Task An_unknown_address_sees_what_a_known_one_sees()
    {
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        var seen = new List<string>();
        foreach (var email in new[] { Email, shared.NewEmail() })
        {
            await using var stranger = await Person.AtAsync(server, browsers, BrowserCapabilities.NoJavaScript);
            await stranger.Reset.AskAsync(email);
            await stranger.Verify.ReloadUntilAsync("Mail is being delivered normally.", BrowserCapabilities.NoJavaScript);
            await stranger.Verify.EnterAsync("000000");
            await Assertions.Expect(stranger.Verify.Problem).ToBeVisibleAsync();
            seen.Add((await stranger.Page.InnerTextAsync("main")).Replace(email, "…", StringComparison.Ordinal));
        }

        // Clock times and countdowns differ between any two visits.
        var alike = seen.Select(text => System.Text.RegularExpressions.Regex.Replace(
            text, "\\d+(:\\d\\d)+", "…", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
                .Distinct(StringComparer.Ordinal);
        Assert.Single(alike);
    }

    private static async Task ExpectErrorAsync(ILocator field, string message)
    {
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(field).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(
            System.Text.RegularExpressions.Regex.Escape(message), System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)));
    }
}
