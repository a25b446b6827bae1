using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Too many wrong guesses in a row, across codes. A budget of seven in the place of a hundred makes the way short.</summary>
public sealed class LockTests : IAsyncLifetime
{
    private const int Budget = 7;
    private const int Day = 24 * 60 * 60;

    private ApiHost api = null!;

    public async ValueTask InitializeAsync() => api = await ApiHost.StartAsync(("Otp:FailureBudget", "7"));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("verify-email-otp", "register")]
    [InlineData("verify-email-otp", "login")]
    [InlineData("login", "login")]
    [InlineData("forgot-password/verify-otp", "forgot_password")]
    public async Task A_lock_is_answered_with_its_wait_to_entries_and_requests_of_codes(string route, string purpose)
    {
        const string email = "ann@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        var code = await api.CodeAsync(email, purpose);
        foreach (var left in new[] { 4, 3, 2, 1, 0 })
        {
            (await EnterAsync(PortalHost.Not(code))).IsWrongCode("wrong-code", left);
        }

        api.Portal.Wait(TimeSpan.FromMinutes(2));
        code = await api.CodeAsync(email, purpose);
        (await EnterAsync(PortalHost.Not(code))).IsWrongCode("wrong-code", 4);

        (await EnterAsync(PortalHost.Not(code))).IsTooMany("locked", Day);
        api.Portal.Wait(TimeSpan.FromSeconds(1));
        (await EnterAsync(code)).IsTooMany("locked", Day - 1);
        (await api.PostAsync("send-email-otp", new { email, purpose })).IsTooMany("locked", Day - 1);

        Task<ApiResponse> EnterAsync(string otp) =>
            api.PostAsync(route, route == "verify-email-otp" ? new { email, otp, purpose } : new { email, otp });
    }

    [Fact]
    public async Task Too_many_wrong_passwords_are_answered_like_a_wrong_one_and_a_code_still_signs_in()
    {
        const string email = "ann@example.com";
        await api.VerifiedAsync(email);
        var wrong = await api.PostAsync("login", new { email, password = "another password" });
        for (var i = 1; i < Budget; i++)
        {
            await api.PostAsync("login", new { email, password = "another password" });
        }

        var locked = await api.PostAsync("login", new { email, password = ApiHost.Password });

        Assert.Equal((HttpStatusCode.Unauthorized, wrong.Text), (locked.Status, locked.Text));
        (await api.PostAsync("login", new { email, otp = await api.CodeAsync(email, "login") })).Is(HttpStatusCode.OK);
    }
}
