using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Only with <c>Otp:RevealUnknownAccounts</c> do answers say who has an account: 404, and 409 for who registers.</summary>
public sealed class RevealTests : IAsyncLifetime
{
    private ApiHost api = null!;

    public async ValueTask InitializeAsync() =>
        api = await ApiHost.StartAsync(("Otp:RevealUnknownAccounts", "true"), ("Twilio:From", "+15005550006"), ("Twilio:Countries", "GB"));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("register")]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public Task An_unknown_address_is_revealed_as_not_found_for_every_purpose(string purpose) =>
        AssertNotFoundTwiceAsync("send-email-otp", new { email = "nobody@example.com", purpose });

    [Theory]
    [InlineData("login")]
    [InlineData("forgot-password/send-otp")]
    public Task An_unknown_address_is_revealed_as_not_found_by_the_route_of_a_purpose(string route) =>
        AssertNotFoundTwiceAsync(route, new { email = "nobody@example.com" });

    [Theory]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public async Task An_unknown_mobile_is_revealed_as_not_found(string purpose) =>
        (await api.PostAsync("send-email-otp", new { mobile = "+447700900123", purpose })).IsProblem(
            HttpStatusCode.NotFound, "unknown-account");

    [Fact]
    public async Task A_mobile_to_be_verified_needs_its_account_even_where_accounts_are_revealed() =>
        (await api.PostAsync("send-email-otp", new { mobile = "+447700900123", purpose = "register" })).IsProblem(
            HttpStatusCode.Unauthorized, "not-signed-in");

    [Fact]
    public async Task A_registration_of_a_taken_address_is_revealed_and_its_owner_is_not_notified()
    {
        await api.VerifiedAsync("ann@example.com");
        var messages = await api.MessagesToAsync("ann@example.com");
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        (await api.PostAsync("register", new { email = "ann@example.com", password = "another password" })).IsProblem(
            HttpStatusCode.Conflict, "account-exists");

        Assert.Equal(messages, await api.MessagesToAsync("ann@example.com"));
        await api.LoginAsync("ann@example.com");
    }

    [Fact]
    public async Task A_pending_address_may_be_registered_again_where_accounts_are_revealed()
    {
        (await api.PostAsync("register", new { email = "waits@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        (await api.PostAsync("register", new { email = "waits@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
    }

    private async Task AssertNotFoundTwiceAsync(string route, object body)
    {
        (await api.PostAsync(route, body)).IsProblem(HttpStatusCode.NotFound, "unknown-account");
        (await api.PostAsync(route, body)).IsProblem(HttpStatusCode.NotFound, "unknown-account");
    }
}
