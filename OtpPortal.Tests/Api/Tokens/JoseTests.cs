using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using OtpPortal.Api.Tokens;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Our tokens to another implementation that knows the address of the key set and nothing else, and its tokens to ours.</summary>
public sealed class JoseTests(Jose jose) : IClassFixture<Jose>, IAsyncLifetime
{
    private const string Email = "jose@example.com";

    // It has a clock of its own, so the portal has the real one.
    private readonly ApiHost api = new() { Portal = new PortalHost { Configure = PortalHost.HashQuickly, Clock = null } };

    public async ValueTask InitializeAsync()
    {
        api.Portal.With("Jwt:Issuer", "https://id.example.com");
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Another_implementation_verifies_our_token_by_the_key_set_and_refuses_any_other()
    {
        var token = (await api.LoginAsync(Email)).Of("token");
        var me = await api.GetAsync("/api/auth/me", token);
        var keys = new Uri(api.Client.BaseAddress!, "/.well-known/jwks.json");

        var said = await jose.AskAsync(
            new { @do = "verify", jwks = keys, token, issuer = "https://id.example.com", audience = "OtpPortal" });

        var claims = said.GetProperty("payload");
        Assert.Equal(me.Of("id"), claims.GetProperty("sub").GetString());
        Assert.Equal("https://id.example.com", claims.GetProperty("iss").GetString());
        Assert.Equal("OtpPortal", claims.GetProperty("aud").GetString());
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());

        // The key's name is its thumbprint (RFC 7638), by their arithmetic too.
        Assert.Equal(said.GetProperty("protectedHeader").GetProperty("kid").GetString(),
            Assert.Single(said.GetProperty("thumbprints").EnumerateArray()).GetString());
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", said.GetProperty("otherClaims").GetString());
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", said.GetProperty("otherSignature").GetString());
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", said.GetProperty("otherIssuer").GetString());
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", said.GetProperty("otherAudience").GetString());
        Assert.Equal("ERR_JWT_EXPIRED", said.GetProperty("later").GetString());
    }

    [Fact]
    public async Task A_token_of_another_implementation_with_a_foreign_key_is_refused_whatever_it_claims()
    {
        var ours = Es256.Read((await api.LoginAsync(Email)).Of("token"))!;

        var foreign = await SignedAsync(jwk: null, ours.Kid, ours.Claims);

        Assert.NotNull(Es256.Read(foreign));
        Assert.Equal(
            "urn:otpportal:problem:wrong-token", (await api.GetAsync("/api/auth/me", foreign)).Is(HttpStatusCode.Unauthorized).Of("type"));
    }

    [Fact]
    public async Task A_token_of_another_implementation_with_our_key_is_verified()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonSerializer.SerializeToNode(JsonWebKey.Of(key), JsonSerializerOptions.Web)!;
        jwk["d"] = System.Buffers.Text.Base64Url.EncodeToString(key.ExportParameters(includePrivateParameters: true).D);
        var claims = Es256.Read((await api.LoginAsync(Email)).Of("token"))!.Claims;

        var jws = Es256.Read(await SignedAsync(jwk, "theirs", claims))!;

        Assert.Equal("theirs", jws.Kid);
        Assert.Equal(claims.GetProperty("jti").GetString(), jws.Claims.GetProperty("jti").GetString());
        Assert.True(jws.IsSignedBy(key));
        Assert.False(jws.IsSignedBy(other));
    }

    private async Task<string> SignedAsync(object? jwk, string? kid, JsonElement claims) =>
        (await jose.AskAsync(new { @do = "sign", jwk, header = new { alg = "ES256", typ = "at+jwt", kid }, claims })).GetProperty("token")
            .GetString()!;
}
