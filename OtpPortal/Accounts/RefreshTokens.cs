using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>A sign-in that lasts: the account as it is now, and the token that continues it.</summary>
/// <param name="User">The account.</param>
/// <param name="RefreshToken">Good for one use. To be kept secret; only its hash is stored.</param>
/// <param name="At">When it began or went on.</param>
public sealed record Continued(PortalUser User, string RefreshToken, DateTimeOffset At)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => "******";
}

/// <summary>
/// The sessions of API clients. Each use of a refresh token yields the next one; a second use of the same one says that two have it, and ends
/// the whole family, whoever came first (RFC 9700 §4.14.2).
/// </summary>
public sealed class RefreshTokens(WriteLane lane, TimeProvider clock)
{
    /// <summary>Begins a session.</summary>
    /// <param name="signedIn">The account as it was when password or code were found right.</param>
    /// <param name="lifetime">How long the session lasts at most.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <returns>Null if its password was changed or the account deleted in that moment.</returns>
    public Task<Continued?> BeginAsync(PortalUser signedIn, TimeSpan lifetime, CancellationToken cancel) => lane.RunAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            return await db.Users.SingleOrDefaultAsync(row => row.Id == signedIn.Id && row.SecurityStamp == signedIn.SecurityStamp, cancel) is { } user
                ? await NextAsync(db, user, now, Guid.CreateVersion7().ToString("n"), now + lifetime)
                : null;
        },
        cancel);

    /// <summary>Continues a session.</summary>
    /// <returns>Null if the token is unknown, over or was used before.</returns>
    public Task<Continued?> UseAsync(string token, CancellationToken cancel)
    {
        var hash = HashOf(token);
        return lane.RunAsync(
            async db =>
            {
                var now = clock.GetUtcNow();

                // Whoever marks it has it; everybody after that meets a used one.
                var marked = await db.QueryAsync(
                    """
                    UPDATE RefreshTokens SET UsedAt = @now WHERE TokenHash = @hash AND UsedAt IS NULL AND ExpiresAt > @now
                    RETURNING Family, UserId, ExpiresAt
                    """,
                    row => (Family: row.GetString(0), UserId: row.GetString(1), ExpiresAt: row.GetInt64(2)),
                    ("hash", hash),
                    ("now", now.ToUnixTimeMilliseconds()));
                if (marked is [var mine] && await db.Users.SingleOrDefaultAsync(row => row.Id == mine.UserId && row.EmailConfirmed, cancel) is { } user)
                {
                    return await NextAsync(db, user, now, mine.Family, DateTimeOffset.FromUnixTimeMilliseconds(mine.ExpiresAt));
                }

                await db.RefreshTokens
                    .Where(row => db.RefreshTokens.Any(used => used.TokenHash == hash && used.UsedAt != null && used.Family == row.Family))
                    .ExecuteDeleteAsync(cancel);
                return null;
            },
            cancel);
    }

    /// <summary>Ends all sessions of API clients that an account has, within the caller's transaction: refresh tokens and access tokens.</summary>
    public Task EndAllAsync(PortalDbContext db, string userId) => EndAsync(db, userId, DateTimeOffset.MaxValue);

    /// <summary>The same because the person signs out.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="tokenBegun">
    /// When the access token began that was shown for it, if one was. Of two that show the same one the second ends nothing: what began since then is not its own.
    /// </param>
    public Task SignOutAsync(string userId, DateTimeOffset? tokenBegun = null) => lane.RunAsync(
        async db =>
        {
            await EndAsync(db, userId, tokenBegun ?? DateTimeOffset.MaxValue);
            var email = await db.Users.Where(user => user.Id == userId).Select(user => user.NormalizedEmail).SingleOrDefaultAsync();
            await db.NoteAsync(new() { At = clock.GetUtcNow(), Kind = ActivityKind.SignedOut, Address = email ?? "" });
        },
        CancellationToken.None);

    private async Task EndAsync(PortalDbContext db, string userId, DateTimeOffset tokenBegun)
    {
        // The next millisecond: one of this very one is to be refused too. Who signs in again within it has a token of the next one, and ends it
        // within it: then the one after.
        var ended = await db.QueryAsync(
            """
            UPDATE AspNetUsers
            SET TokensNotBefore = CASE WHEN TokensNotBefore >= @next THEN TokensNotBefore + 1 ELSE @next END
            WHERE Id = @user AND (TokensNotBefore IS NULL OR TokensNotBefore <= @begun)
            RETURNING Id
            """,
            row => row.GetString(0),
            ("next", clock.GetUtcNow().ToUnixTimeMilliseconds() + 1),
            ("user", userId),
            ("begun", tokenBegun.ToUnixTimeMilliseconds()));
        if (ended.Count > 0)
        {
            await db.RefreshTokens.Where(token => token.UserId == userId).ExecuteDeleteAsync();
        }
    }

    private static async Task<Continued> NextAsync(PortalDbContext db, PortalUser user, DateTimeOffset now, string family, DateTimeOffset expiresAt)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        db.RefreshTokens.Add(new RefreshToken { TokenHash = HashOf(token), Family = family, UserId = user.Id, ExpiresAt = expiresAt });
        await db.SaveChangesAsync();
        return new Continued(user, token, now);
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>Removes refresh tokens whose family is over.</summary>
public sealed class RefreshTokenPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string What => "refresh tokens";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancel) => delete.RunAsync(
        "DELETE FROM RefreshTokens WHERE TokenHash IN (SELECT TokenHash FROM RefreshTokens WHERE ExpiresAt <= {0} LIMIT {1})",
        clock.GetUtcNow(),
        cancel);
}
