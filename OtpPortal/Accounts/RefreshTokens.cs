using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Refresh tokens, which continue the sessions of programs. Each use of a token yields the next one. A second use of the same token shows
/// that two parties have it, and ends the session, whichever of them came first (RFC 9700 §4.14.2).
/// </summary>
internal sealed class RefreshTokens(Sessions sessions, ExampleAccounts examples, WriteLane lane, TimeProvider clock)
{
    /// <returns>Null if the token is unknown, has expired or was used before.</returns>
    public Task<IssuedSession?> RotateAsync(string token, CancellationToken cancellationToken)
    {
        var hash = SecretToken.HashOf(token);
        return lane.RunAsync(
            async db =>
            {
                var now = clock.GetUtcNow();

                var marked = await db.QueryAsync(
                    SessionsSql.UseRefreshToken,
                    row => row.GetString(0),
                    ("hash", hash),
                    ("now", now.ToUnixTimeMilliseconds()));
                return marked is [var session] ? await ContinueAsync(db, session, now) : await EndReusedAsync(db, hash, now);
            },
            cancellationToken);
    }

    /// <summary>Adds a token to a session. The caller saves the change.</summary>
    internal static string Issue(PortalDbContext db, string sessionId)
    {
        var token = SecretToken.Create();
        db.RefreshTokens.Add(new RefreshToken { TokenHash = SecretToken.HashOf(token), SessionId = sessionId });
        return token;
    }

    private async Task<IssuedSession?> ContinueAsync(PortalDbContext db, string sessionId, DateTimeOffset now)
    {
        var session = await sessions.Live(db, now).SingleOrDefaultAsync(row => row.Id == sessionId);
        if (session is null || await db.Users.SingleOrDefaultAsync(row => row.Id == session.UserId) is not { } user
            || !examples.MaySignIn(user))
        {
            return null;
        }

        session.LastUsedAt = now;
        var next = Issue(db, sessionId);
        await db.SaveChangesAsync();
        await db.RecordAsync(
            new() { At = now, Kind = ActivityEventKind.SessionContinued, Address = user.NormalizedEmail!, Detail = "refresh, API" });
        return new IssuedSession(user, sessionId, now, next);
    }

    private static async Task<IssuedSession?> EndReusedAsync(PortalDbContext db, string hash, DateTimeOffset now)
    {
        var reused = await db.RefreshTokens.Where(token => token.TokenHash == hash && token.UsedAt != null)
            .Join(db.Sessions, token => token.SessionId, session => session.Id, (_, session) => session)
            .Join(db.Users, session => session.UserId, user => user.Id, (session, user) => new { session.Id, user.NormalizedEmail })
            .SingleOrDefaultAsync();
        if (reused is not null && await Sessions.EndAsync(db, reused.Id))
        {
            await db.RecordAsync(new() { At = now, Kind = ActivityEventKind.RefreshTokenReused, Address = reused.NormalizedEmail! });
        }

        return null;
    }
}
