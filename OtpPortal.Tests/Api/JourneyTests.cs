using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>The whole way of a program: register, verify, sign in, read the profile, refresh, reset, sign out.</summary>
public sealed class JourneyTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_program_registers_verifies_signs_in_refreshes_and_signs_out()
    {
        const string email = "journey@example.com";
        var sent = (await api.PostAsync("register", new { email, password = ApiHost.Password, firstName = "Ann" })).Is(
            HttpStatusCode.Accepted);
        Assert.Equal(120, sent.Number("cooldownSeconds"));
        Assert.Equal(300, sent.Number("expiresInSeconds"));
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);

        var login = await api.LoginAsync(email);
        var me = (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);
        Assert.Equal(email, me.Of("email"));

        var refreshed = (await api.PostAsync("refresh", new { refreshToken = login.Of("refreshToken") })).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/auth/me", refreshed.Of("token"))).Is(HttpStatusCode.OK);

        (await api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, refreshed.Of("token"))).Is(HttpStatusCode.NoContent);
        (await api.GetAsync("/api/auth/me", refreshed.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await api.PostAsync("refresh", new { refreshToken = refreshed.Of("refreshToken") })).Is(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/api/auth/me", (await api.LoginAsync(email)).Of("token"))).Is(HttpStatusCode.OK);
    }
}
