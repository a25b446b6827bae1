using System.Text.Json;
using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>An access token that was validated.</summary>
internal sealed record ValidatedToken(PortalUser User, string SessionId);

/// <summary>Issues and validates the access tokens of API clients, which are JWTs (RFC 7519).</summary>
internal sealed class AccessTokens(SigningKeys keys, Sessions sessions, IOptions<JwtOptions> options, TimeProvider clock)
{
    /// <summary>The allowed difference between the clocks of two machines.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // DateTimeOffset ends with the year 9999.
    private const long LastSecond = 253402300799;

    private readonly JwtOptions options = options.Value;

    /// <summary>How long a token is valid.</summary>
    public TimeSpan Lifetime => options.Lifetime;

    public Task<string> IssueAsync(IssuedSession session)
    {
        var issued = session.AuthenticatedAt.ToUnixTimeSeconds();
        return keys.SignAsync(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = options.Issuer,
            ["aud"] = options.Audience,
            ["sub"] = session.User.Id,
            ["sid"] = session.SessionId,
            ["jti"] = Guid.CreateVersion7(session.AuthenticatedAt).ToString("n"),
            ["iat"] = issued,
            ["exp"] = issued + (long)options.Lifetime.TotalSeconds,
        });
    }

    /// <returns>Null if the token was not issued by this portal, is for another audience, has expired or is not valid yet, or if its
    /// session has ended.</returns>
    public async Task<ValidatedToken?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (Es256.Read(token) is not { Kid: { } kid, Type: Es256.AccessTokenType } jws)
        {
            return null;
        }

        var key = await keys.FindAsync(kid);
        if (key is null || !IsSigned(jws, key) || Claims(jws.Claims) is not var (subject, session))
        {
            return null;
        }

        return await sessions.FindAsync(session, subject, cancellationToken) is { } account ? new ValidatedToken(account, session) : null;
    }

    private static bool IsSigned(Jws jws, JsonWebKey key)
    {
        using var ecdsa = key.ToECDsa();
        return jws.IsSignedBy(ecdsa);
    }

    /// <summary>Reads the claims of RFC 7519 §4.1; null unless all of them are present and valid.</summary>
    private (string Subject, string Session)? Claims(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        return Text("iss") == options.Issuer
            && IsForUs()
            && Text("jti") is { Length: > 0 }
            && Text("sid") is { Length: > 0 } session
            && Text("sub") is { Length: > 0 } subject
            && Time("iat") is { } issued && issued <= now + Skew
            && Time("exp") is { } expires && now < expires + Skew
            && (!claims.TryGetProperty("nbf", out _) || (Time("nbf") is { } begins && begins <= now + Skew))
            ? (subject, session)
            : null;

        string? Text(string name) => Es256.Text(claims, name);

        DateTimeOffset? Time(string name) =>
            claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is >= 0 and <= LastSecond
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;

        bool IsForUs() => claims.TryGetProperty("aud", out var audience) && audience.ValueKind switch
        {
            JsonValueKind.Array => audience.EnumerateArray().Any(one => Es256.Text(one) == options.Audience),
            _ => Es256.Text(audience) == options.Audience,
        };
    }
}
