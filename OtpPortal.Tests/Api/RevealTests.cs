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
    [InlineData("send-email-otp", "register")]
    [InlineData("send-email-otp", "login")]
    [InlineData("send-email-otp", "forgot_password")]
    [InlineData("login", null)]
    [InlineData("forgot-password/send-otp", null)]
    public async Task An_address_without_an_account_is_not_found(string route, string? purpose)
    {
        object body = purpose is null ? new { email = "nobody@example.com" } : new { email = "nobody@example.com", purpose };

        (await api.PostAsync(route, body)).IsProblem(HttpStatusCode.NotFound, "unknown-account");
        (await api.PostAsync(route, body)).IsProblem(HttpStatusCode.NotFound, "unknown-account");
    }

    [Theory]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public async Task So_is_a_mobile_of_nobody(string purpose) =>
        (await api.PostAsync("send-email-otp", new { mobile = "+447700900123", purpose })).IsProblem(
            HttpStatusCode.NotFound, "unknown-account");

    [Fact]
    public async Task A_mobile_that_is_to_be_verified_needs_its_account_even_here() =>
        (await api.PostAsync("send-email-otp", new { mobile = "+447700900123", purpose = "register" })).IsProblem(
            HttpStatusCode.Unauthorized, "not-signed-in");

    [Fact]
    public async Task Who_registers_an_address_that_has_an_account_is_told_so_and_its_owner_is_not()
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
    public async Task One_that_waits_for_its_code_may_be_registered_again()
    {
        (await api.PostAsync("register", new { email = "waits@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        (await api.PostAsync("register", new { email = "waits@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
    }
}
