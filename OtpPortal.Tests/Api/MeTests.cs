using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>What a bearer may do: <c>GET me</c> and <c>POST logout</c>.</summary>
public sealed class MeTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_profile_route_returns_the_data_of_the_account()
    {
        const string email = "ann@example.com";
        await api.VerifiedAsync(email);
        var login = await api.LoginAsync(email);

        var me = (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);

        me.Has("id", "email", "userName", "firstName", "lastName", "mobile", "mobileVerified", "hasPassword", "roles", "registeredAt",
            "lastSignInAt");
        Assert.Equal(login.Claim("sub").GetString(), me.Of("id"));
        Assert.Equal((email, null, "Ann", "Other", null),
            (me.Of("email"), me.Of("userName"), me.Of("firstName"), me.Of("lastName"), me.Of("mobile")));
        Assert.True(me.Json.GetProperty("hasPassword").GetBoolean());
        Assert.Equal(api.Portal.Clock!.GetUtcNow(), me.Json.GetProperty("lastSignInAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("GET", "/api/auth/me")]
    [InlineData("POST", "/api/auth/logout")]
    public async Task The_profile_and_logout_routes_ask_for_a_token(string method, string path)
    {
        var answer = (await api.SendAsync(new HttpMethod(method), path, content: null)).IsProblem(
            HttpStatusCode.Unauthorized, "not-signed-in");

        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("Bearer garbage")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Basic YW5uOnBhc3N3b3Jk")]
    [InlineData("Bearer a.b.c")]
    public async Task The_profile_and_logout_routes_refuse_anything_that_is_no_token(string authorization)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/auth/me"), (HttpMethod.Post, "/api/auth/logout") })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

            var answer = (await api.SendAsync(request)).IsProblem(HttpStatusCode.Unauthorized, "wrong-token");

            Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task The_profile_route_refuses_two_tokens_at_once()
    {
        await api.VerifiedAsync("two@example.com");
        var token = (await api.LoginAsync("two@example.com")).Of("token");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {token}", "Bearer garbage"]);

        (await api.SendAsync(request)).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_logout_returns_no_content_and_ends_its_own_session_alone()
    {
        await api.VerifiedAsync("out@example.com");
        await api.VerifiedAsync("stays@example.com");
        var (phone, desk) = (await api.LoginAsync("out@example.com"), await api.LoginAsync("out@example.com"));
        var other = await api.LoginAsync("stays@example.com");

        var answer = (await api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, phone.Of("token"))).Is(
            HttpStatusCode.NoContent);

        Assert.Equal((null, ""), (answer.MediaType, answer.Text));
        (await api.GetAsync("/api/auth/me", phone.Of("token"))).IsProblem(HttpStatusCode.Unauthorized, "wrong-token");
        (await api.PostAsync("refresh", new { refreshToken = phone.Of("refreshToken") })).IsProblem(
            HttpStatusCode.Unauthorized, "wrong-refresh-token");
        foreach (var stays in new[] { desk, other })
        {
            (await api.GetAsync("/api/auth/me", stays.Of("token"))).Is(HttpStatusCode.OK);
            (await api.PostAsync("refresh", new { refreshToken = stays.Of("refreshToken") })).Is(HttpStatusCode.OK)
                .Has("token", "tokenType", "expiresInSeconds", "refreshToken");
        }
    }
}
