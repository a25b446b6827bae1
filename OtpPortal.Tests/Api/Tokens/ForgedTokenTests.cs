using System.Globalization;
using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// Tokens that are wrong in one point each: all are refused alike, and none makes the portal fail. Most are signed with the portal's own
/// key, so that the point is all that refuses them.
/// </summary>
public sealed class ForgedTokenTests(ForgeHost host) : IClassFixture<ForgeHost>
{
    private const string Problem = "application/problem+json";

    public static TheoryData<string> Names => [.. Forgeries.All.Keys];

    [Fact]
    public async Task A_token_of_the_forge_without_a_fault_is_accepted()
    {
        await AcceptedAsync(host.Forge.Token());
        await AcceptedAsync(
            host.Forge.Token(host.Forge.Header(("extra", "[{}]")), host.Forge.Claims(("extra", "{\"a\":[1e400]}"), ("nbf", "0"))));
        await AcceptedAsync(host.Forge.Token(claims: host.Forge.Claims(("aud", "[\"other\",\"OtpPortal\"]"))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_is_refused(string name) => await RefusedAsync(Forgeries.All[name](host));

    [Theory]
    [InlineData("exp", -29)]
    [InlineData("iat", 30)]
    [InlineData("nbf", 30)]
    public async Task A_token_within_a_clock_skew_of_thirty_seconds_is_accepted(string claim, int seconds) =>
        await AcceptedAsync(TokenWith(claim, seconds));

    [Theory]
    [InlineData("exp", -30)]
    [InlineData("exp", -31)]
    [InlineData("iat", 31)]
    [InlineData("nbf", 31)]
    public async Task A_token_beyond_a_clock_skew_of_thirty_seconds_is_refused(string claim, int seconds) =>
        await RefusedAsync(TokenWith(claim, seconds));

    private string TokenWith(string claim, int seconds) => host.Forge.Token(
        claims: host.Forge.Claims((claim, (host.Forge.Now + seconds).ToString(CultureInfo.InvariantCulture))));

    [Fact]
    public async Task A_signature_with_non_canonical_base64url_is_refused()
    {
        // 64 bytes are 85 characters and two bits of another: its last four bits mean nothing, and must be 0.
        var token = host.Forge.Token();
        var last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".IndexOf(token[^1], StringComparison.Ordinal);
        Assert.Equal(0, last % 16);

        await AcceptedAsync(token);
        for (var unused = 1; unused < 16; unused++)
        {
            await RefusedAsync(token[..^1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last + unused]);
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("Bearer  ")]
    public async Task The_name_of_the_bearer_scheme_has_no_case(string scheme) =>
        Assert.Equal(200, RawHttp.StatusOf(await RawAsync($"Authorization: {scheme} {host.Forge.Token()}")));

    [Theory]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization:")]
    [InlineData("Authorization: {token}")]
    [InlineData("Authorization: Basic {token}")]
    [InlineData("Authorization: Bearer\t{token}")]
    [InlineData("Authorization: Bearer \t{token}")]
    [InlineData("Authorization: Bearer {token} x")]
    [InlineData("Authorization: Bearer {token}, Bearer {token}")]
    [InlineData("Authorization: Bearer {token}\r\nAuthorization: Bearer {token}")]
    [InlineData("Authorization: Bearer {token}\r\nAuthorization: Basic YTpi")]
    [InlineData("Authorization: Bearer=\"{token}\"")]
    [InlineData("X-Authorization: Bearer {token}")]
    [InlineData("Proxy-Authorization: Bearer {token}")]
    [InlineData("Cookie: token={token}; access_token={token}; portal_session={token}")]
    public async Task A_token_in_another_authentication_scheme_is_ignored(string headers)
    {
        var answer = await RawAsync(headers.Replace("{token}", host.Forge.Token(), StringComparison.Ordinal));

        Assert.Equal(401, RawHttp.StatusOf(answer));
        Assert.Contains($"Content-Type: {Problem}", answer, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_latest_time_that_a_session_id_can_hold_is_accepted() =>
        await AcceptedAsync(host.Forge.Token(claims: host.Forge.Claims(("jti", "\"e677d21fdbff7fffbfffffffffffffff\""))));

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("Authorization")]
    public async Task A_token_in_the_query_string_is_ignored(string parameter) =>
        (await host.Api.GetAsync($"/api/auth/me?{parameter}={host.Forge.Token()}")).Is(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_token_of_a_megabyte_is_refused_by_the_limit_of_headers()
    {
        Assert.Equal(431, RawHttp.StatusOf(await RawAsync($"Authorization: Bearer {new string('A', 1024 * 1024)}")));
        await AcceptedAsync(host.Forge.Token());
    }

    private Task<string> RawAsync(string headers) =>
        RawHttp.SendAsync(
            host.Api.Client.BaseAddress!, $"GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n");

    private async Task AcceptedAsync(string token)
    {
        Assert.Equal(ForgeHost.Email, (await host.Api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK).Of("email"));
        (await host.Api.GetAsync("/api/auth/check", token)).Is(HttpStatusCode.OK);
    }

    private async Task RefusedAsync(string token)
    {
        foreach (var path in (string[])["/api/auth/me", "/api/auth/check"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}"));
            var answer = (await host.Api.SendAsync(request)).Is(HttpStatusCode.Unauthorized);

            Assert.Equal(Problem, answer.MediaType);
            Assert.Equal("urn:otpportal:problem:wrong-token", answer.Of("type"));
            Assert.Equal("Bearer error=\"invalid_token\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
            Assert.False(answer.Headers.Contains("X-Auth-User"));
        }
    }
}
