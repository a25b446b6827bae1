using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Api;

/// <summary>The pairs of tokens that programs get: a JWT for minutes, and a refresh token for the next pair.</summary>
public sealed class Sessions(AccessTokens access, RefreshTokens refresh, IOptions<JwtOptions> options)
{
    private const string Type = "Bearer";

    private int Seconds => (int)access.Lifetime.TotalSeconds;

    /// <summary>Begins a session of somebody whose password or code was right.</summary>
    /// <returns>Null if the password was changed or the account deleted in that moment.</returns>
    public async Task<LoginAnswer?> BeginAsync(PortalUser signedIn, CancellationToken cancel) =>
        await refresh.BeginAsync(signedIn, options.Value.RefreshLifetime, cancel) is { User: var user } begun
            ? new LoginAnswer(
                await access.IssueAsync(user, begun.At), Type, Seconds, begun.RefreshToken, user.FirstName, user.LastName, user.Email!, begun.At.ToUnixTimeSeconds())
            : null;

    /// <summary>Continues one.</summary>
    /// <returns>Null if the refresh token is not valid.</returns>
    public async Task<TokensAnswer?> ContinueAsync(string refreshToken, CancellationToken cancel) =>
        await refresh.UseAsync(refreshToken, cancel) is { } continued
            ? new TokensAnswer(await access.IssueAsync(continued.User, continued.At), Type, Seconds, continued.RefreshToken)
            : null;
}
