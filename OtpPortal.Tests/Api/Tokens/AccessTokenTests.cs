using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using OtpPortal.Api.Tokens;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>What is in an access token, and how long it is good.</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private const string Email = "claims@example.com";

    private readonly ApiHost api = new();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_access_token_has_the_claims_of_the_design_and_no_more()
    {
        var login = await api.LoginAsync(Email);
        var (header, claims) = (Part(login.Of("token"), 0), Part(login.Of("token"), 1));
        var me = await api.GetAsync("/api/auth/me", login.Of("token"));
        var key = (await api.GetAsync("/.well-known/jwks.json")).Json.GetProperty("keys")[0];
        var now = api.Portal.Clock!.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(["alg", "typ", "kid"], header.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["iss", "aud", "sub", "sid", "jti", "iat", "exp"], claims.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ES256", "at+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(key.GetProperty("kid").GetString(), header.GetProperty("kid").GetString());
        Assert.Equal(me.Of("id"), claims.GetProperty("sub").GetString());
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.Equal(now + 900, claims.GetProperty("exp").GetInt64());
        Assert.Equal(now, login.Number("loginAt"));
        Assert.Equal(900, login.Number("expiresInSeconds"));
        Assert.Equal("Bearer", login.Of("tokenType"));
        Assert.DoesNotContain(Email, login.Of("token"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_access_token_has_an_id_of_its_own()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(names.Add(Part((await api.LoginAsync(Email)).Of("token"), 1).GetProperty("jti").GetString()!));
        }
    }

    [Fact]
    public async Task An_access_token_is_good_for_fifteen_minutes_and_the_clock_skew()
    {
        var token = (await api.LoginAsync(Email)).Of("token");

        api.Portal.Clock!.Advance(TimeSpan.FromMinutes(15) + AccessTokens.Skew - TimeSpan.FromSeconds(1));
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);
        api.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_key_set_is_published_without_private_keys_and_for_caches()
    {
        await api.LoginAsync(Email);
        using var response = await api.Client.GetAsync(
            new Uri("/.well-known/jwks.json", UriKind.Relative), TestContext.Current.CancellationToken);
        var answer = await ApiResponse.OfAsync(response);
        var key = Assert.Single(answer.Json.GetProperty("keys").EnumerateArray());

        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        Assert.True(KeySchedule.CacheFor < KeySchedule.Ahead);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(["keys"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"],
            key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(JsonWebKey.Parse(key)!.Kid, JsonWebKey.Of(JsonWebKey.Parse(key)!.ToECDsa()).Kid);
    }

    private static JsonElement Part(string token, int part) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[part]));
}
