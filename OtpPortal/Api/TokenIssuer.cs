using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Api;

/// <summary>Issues the pairs of tokens for sessions of programs: a short-lived JWT, and a refresh token for the next pair.</summary>
internal sealed class TokenIssuer(AccessTokens access, RefreshTokens refresh, IOptions<JwtOptions> options)
{
    private const string Type = "Bearer";

    /// <summary>The session to begin for a program.</summary>
    public SessionRequest Request => new(SessionKind.Api, options.Value.RefreshLifetime);

    private int Seconds => (int)access.Lifetime.TotalSeconds;

    /// <summary>The tokens of a new session.</summary>
    public async Task<LoginResponse> IssueAsync(IssuedSession session) => new(
        await access.IssueAsync(session),
        Type,
        Seconds,
        session.RefreshToken!,
        session.User.FirstName,
        session.User.LastName,
        session.User.Email!,
        session.AuthenticatedAt.ToUnixTimeSeconds());

    /// <summary>Exchanges a refresh token for the next pair.</summary>
    /// <returns>Null if the refresh token is not valid.</returns>
    public async Task<TokensResponse?> ContinueAsync(string refreshToken, CancellationToken cancellationToken) =>
        await refresh.RotateAsync(refreshToken, cancellationToken) is { } session
            ? new TokensResponse(await access.IssueAsync(session), Type, Seconds, session.RefreshToken!)
            : null;
}
