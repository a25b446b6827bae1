using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Api;

/// <summary>
/// Makes the pairs of tokens that programs get for their sessions: a JWT for minutes, and a refresh token for the next pair.
/// </summary>
public sealed class TokenIssuer(AccessTokens access, RefreshTokens refresh, IOptions<JwtOptions> options)
{
    private const string Type = "Bearer";

    /// <summary>The session that a program asks for.</summary>
    public SessionRequest Request => new(SessionKind.Api, options.Value.RefreshLifetime);

    private int Seconds => (int)access.Lifetime.TotalSeconds;

    /// <summary>The tokens of a session that has begun.</summary>
    public async Task<LoginResponse> IssueAsync(IssuedSession session) => new(
        await access.IssueAsync(session),
        Type,
        Seconds,
        session.RefreshToken!,
        session.User.FirstName,
        session.User.LastName,
        session.User.Email!,
        session.AuthenticatedAt.ToUnixTimeSeconds());

    /// <summary>The next pair.</summary>
    /// <returns>Null if the refresh token is not valid.</returns>
    public async Task<TokensResponse?> ContinueAsync(string refreshToken, CancellationToken cancellationToken) =>
        await refresh.RotateAsync(refreshToken, cancellationToken) is { } session
            ? new TokensResponse(await access.IssueAsync(session), Type, Seconds, session.RefreshToken!)
            : null;
}
