using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary><c>POST send-email-otp</c> and <c>POST forgot-password/send-otp</c>.</summary>
public sealed class SendCodeTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData(null, "register", 300)]
    [InlineData("", "register", 300)]
    [InlineData("register", "register", 300)]
    [InlineData("login", "login", 300)]
    [InlineData("forgot_password", "forgot_password", 600)]
    public async Task A_code_of_any_purpose_is_sent_and_the_default_purpose_is_register(string? purpose, string expected, long expires)
    {
        var email = $"send-{purpose ?? "null"}-@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        var sent = (await api.PostAsync("send-email-otp", new { email, purpose })).Is(HttpStatusCode.Accepted)
            .Has("message", "cooldownSeconds", "expiresInSeconds");

        Assert.Equal((120, expires), (sent.Number("cooldownSeconds"), sent.Number("expiresInSeconds")));
        await api.Portal.DeliverAsync();
        Assert.Equal(expected, api.Portal.Inbox.First(message => message.To == email).Purpose);
    }

    [Theory]
    [InlineData("register")]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public Task A_code_requested_for_an_unknown_address_gets_the_same_answers_and_no_mail(string purpose) =>
        AssertUnknownLooksKnownAsync("send-email-otp", purpose, email => new { email, purpose });

    // A member that is null is one that the route for forgotten passwords does not know.
    [Fact]
    public Task A_reset_code_requested_for_an_unknown_address_gets_the_same_answers_and_no_mail() =>
        AssertUnknownLooksKnownAsync("forgot-password/send-otp", "", email => new { email });

    private async Task AssertUnknownLooksKnownAsync(string route, string purpose, Func<string, object> body)
    {
        var (known, unknown) = ($"known-{purpose}@example.com", $"unknown-{purpose}@example.com");
        (await api.PostAsync("register", new { email = known, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        Assert.Equal(1, await api.MessagesToAsync(known));
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        foreach (var status in new[] { HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests })
        {
            var ofKnown = (await api.PostAsync(route, body(known))).Is(status);
            var ofUnknown = (await api.PostAsync(route, body(unknown))).Is(status);

            Assert.Equal(ofKnown.Text, ofUnknown.Text);
            Assert.Equal(Names(ofKnown), Names(ofUnknown));
        }

        Assert.Equal(2, await api.MessagesToAsync(known));
        Assert.Equal(0, await api.MessagesToAsync(unknown));

        static IEnumerable<string> Names(ApiResponse answer) => answer.Headers.Select(header => header.Key).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_cooldown_is_in_the_body_and_the_Retry_After_header_and_runs_to_the_second()
    {
        const string email = "cooldown@example.com";
        await api.CodeIsAcceptedAsync(email);
        (await api.PostAsync("send-email-otp", new { email, purpose = "login" })).IsTooMany("cooldown", 120);

        api.Portal.Wait(TimeSpan.FromSeconds(119.5));
        (await api.PostAsync("send-email-otp", new { email, purpose = "login" })).IsTooMany("cooldown", 1);
        api.Portal.Wait(TimeSpan.FromSeconds(0.5));

        await api.CodeIsAcceptedAsync(email);
    }

    [Fact]
    public async Task The_caps_of_the_hour_and_of_the_day_are_answered_with_their_own_wait()
    {
        const string email = "caps@example.com";
        for (var i = 0; i < 6; i++)
        {
            await api.CodeIsAcceptedAsync(email);
            api.Portal.Wait(TimeSpan.FromMinutes(2));
        }

        (await api.PostAsync("send-email-otp", new { email, purpose = "login" })).IsTooMany("too-many-codes", 48 * 60);
        api.Portal.Wait(TimeSpan.FromMinutes(48));
        foreach (var pause in new[] { 2, 2, 2, 2, 2, 60, 2, 2, 2, 2, 2, 60, 2, 2 })
        {
            await api.CodeIsAcceptedAsync(email);
            api.Portal.Wait(TimeSpan.FromMinutes(pause));
        }

        (await api.PostAsync("send-email-otp", new { email, purpose = "login" })).IsTooMany(
            "too-many-codes", (24 * 60 * 60) - (60 * (60 + 10 + 60 + 10 + 60 + 4)));
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("email", null)]
    [InlineData("mobile", "+44 7700 900123")]
    [InlineData("purpose", "sign-in")]
    [InlineData("purpose", "Login")]
    [InlineData("purpose", "0")]
    [InlineData("channel", "pigeon")]
    [InlineData("channel", "sms")]
    [InlineData("codeChallenge", "x")]
    public async Task A_wrong_field_of_a_request_for_a_code_is_named_and_nothing_is_sent(string field, string? value)
    {
        var body = new Dictionary<string, string?> { ["email"] = $"wrong-{field}@example.com", [field] = value };

        (await api.PostAsync("send-email-otp", body)).IsInvalid(field);
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("email", null)]
    [InlineData("channel", "pigeon")]
    [InlineData("codeChallenge", "x")]
    public async Task A_wrong_field_of_a_request_for_a_forgotten_password_is_named_and_nothing_is_sent(string field, string? value)
    {
        var body = new Dictionary<string, string?> { ["email"] = $"forgotten-{field}@example.com", [field] = value };

        (await api.PostAsync("forgot-password/send-otp", body)).IsInvalid(field);
    }

    [Fact]
    public async Task A_wrong_mobile_in_a_request_for_a_code_is_named() =>
        (await api.PostAsync("send-email-otp", new { mobile = "0770" })).IsInvalid("mobile");
}
