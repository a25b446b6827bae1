using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Tokens that a correct password yields if a code must follow. The code is bound to the token, so that reading the mail is not enough, and
/// a code of another sign-in does not match.
/// </summary>
public sealed class LoginTokens(TimeProvider clock)
{
    /// <summary>How long the second factor may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The binding of a code that follows a token.</summary>
    public static Binding Bind(Binding binding, string? token) => binding.With(SecretToken.HashOf(token ?? SecretToken.Create()));

    /// <summary>Issues a token within the caller's unit of work.</summary>
    public async Task<string> IssueAsync(PortalDbContext db, string userId)
    {
        var token = SecretToken.Create();
        db.LoginTokens.Add(
            new LoginToken { TokenHash = SecretToken.HashOf(token), UserId = userId, ExpiresAt = clock.GetUtcNow() + Lifetime });
        await db.SaveChangesAsync();
        return token;
    }

    /// <summary>Whether a token is valid for an account now.</summary>
    public Task<bool> IsValidAsync(PortalDbContext db, string? token, string userId) => Valid(db, token, userId).AnyAsync();

    /// <summary>Whether a token is valid now for the account that the query finds.</summary>
    public Task<bool> IsValidAsync(PortalDbContext db, string token, IQueryable<PortalUser> account, CancellationToken cancellationToken)
    {
        var (hash, now) = (SecretToken.HashOf(token), clock.GetUtcNow());
        return db.LoginTokens.Where(row => row.TokenHash == hash && row.ExpiresAt > now)
            .Join(account, row => row.UserId, user => user.Id, (row, _) => row)
            .AnyAsync(cancellationToken);
    }

    /// <summary>Consumes a token within the caller's unit of work.</summary>
    /// <returns>Whether the token was valid.</returns>
    public async Task<bool> ConsumeAsync(PortalDbContext db, string? token, string userId) =>
        await Valid(db, token, userId).ExecuteDeleteAsync() == 1;

    private IQueryable<LoginToken> Valid(PortalDbContext db, string? token, string userId)
    {
        var (hash, now) = (SecretToken.HashOf(token ?? ""), clock.GetUtcNow());
        return db.LoginTokens.Where(row => row.TokenHash == hash && row.UserId == userId && row.ExpiresAt > now);
    }
}

/// <summary>Removes expired login tokens.</summary>
internal sealed class LoginTokenPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    public string Name => "login tokens";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        SessionsSql.PurgeLoginTokens, clock.GetUtcNow(), cancellationToken);
}
