using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>An access token that is good.</summary>
/// <param name="User">The account that it speaks for.</param>
/// <param name="Begun">When its session began or went on, to the millisecond.</param>
public sealed record ShownToken(PortalUser User, DateTimeOffset Begun);

/// <summary>The JWTs (RFC 7519) that API clients show.</summary>
public sealed class AccessTokens(SigningKeys keys, IDbContextFactory<PortalDbContext> databases, IOptions<JwtOptions> options, TimeProvider clock)
{
    /// <summary>How far the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // Of the year 9999, which is as far as DateTimeOffset goes.
    private const long LastSecond = 253402300799;

    private readonly JwtOptions options = options.Value;

    /// <summary>How long one is good for.</summary>
    public TimeSpan Lifetime => options.Lifetime;

    /// <summary>Makes one for an account.</summary>
    /// <param name="user">The account as it was read at that instant.</param>
    /// <param name="at">When the session began or went on. Not the clock's time: a sign-out since then must end this one too.</param>
    public Task<string> IssueAsync(PortalUser user, DateTimeOffset at)
    {
        // Its name tells when, to the millisecond, since iat tells the second only. Who signed out and in again within the same one is not before it.
        var begun = user.TokensNotBefore is { } notBefore && notBefore > at ? notBefore : at;
        var issued = at.ToUnixTimeSeconds();
        return keys.SignAsync(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = options.Issuer,
            ["aud"] = options.Audience,
            ["sub"] = user.Id,
            ["jti"] = Guid.CreateVersion7(begun).ToString("n"),
            ["iat"] = issued,
            ["exp"] = issued + (long)options.Lifetime.TotalSeconds,
        });
    }

    /// <summary>Reads one that was shown.</summary>
    /// <returns>Null if it is not one of ours, not for us, over, not begun, or its account has ended it.</returns>
    public async Task<ShownToken?> ReadAsync(string token)
    {
        if (Es256.Read(token) is not { Kid: { } kid } jws)
        {
            return null;
        }

        var key = await keys.FindAsync(kid);
        if (key is null || !IsSigned(jws, key) || Claims(jws.Claims) is not { } claims)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(
            user => user.Id == claims.Subject && user.EmailConfirmed && (user.TokensNotBefore == null || user.TokensNotBefore <= claims.Begun))
            is { } account ? new ShownToken(account, claims.Begun) : null;
    }

    private static bool IsSigned(Jws jws, JsonWebKey key)
    {
        using var ecdsa = key.ToECDsa();
        return jws.IsSignedBy(ecdsa);
    }

    /// <summary>The time in a token's name: a UUID of version 7 begins with 48 bits of Unix milliseconds (RFC 9562 §5.7).</summary>
    private static DateTimeOffset? BegunOf(string name) =>
        Guid.TryParseExact(name, "n", out var id) && id.Version == 7
        && (BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16) is var milliseconds and <= (LastSecond * 1000) + 999
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : null;

    /// <summary>RFC 7519 §4.1; null unless all of them are there and right.</summary>
    private (string Subject, DateTimeOffset Begun)? Claims(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        return Text("iss") == options.Issuer
            && IsForUs()
            && Text("jti") is { } name && BegunOf(name) is { } begun
            && Text("sub") is { Length: > 0 } subject
            && Time("iat") is { } issued && issued <= now + Skew
            && Time("exp") is { } expires && now < expires + Skew
            && (!claims.TryGetProperty("nbf", out _) || (Time("nbf") is { } begins && begins <= now + Skew))
            ? (subject, begun)
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
