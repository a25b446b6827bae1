using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>The session to begin after a successful sign-in.</summary>
/// <param name="Lifetime">The maximum lifetime; null for the lifetime of browsers.</param>
public sealed record SessionRequest(SessionKind Kind, TimeSpan? Lifetime = null)
{
    public static SessionRequest Browser { get; } = new(SessionKind.Browser);
}

/// <summary>A session that has begun or was continued.</summary>
/// <param name="AuthenticatedAt">When the session began or was last continued.</param>
/// <param name="RefreshToken">The secret that continues the session of a program, once. Only its hash is stored. Null for browsers.</param>
public sealed record IssuedSession(PortalUser User, string SessionId, DateTimeOffset AuthenticatedAt, string? RefreshToken)
{
    public override string ToString() => "******";
}

/// <summary>
/// The sessions of browsers and programs. Each session is a row that every request looks up, so deleting the row signs that browser or
/// program out.
/// </summary>
public sealed class Sessions(
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    ExampleAccounts examples,
    IOptions<SessionOptions> options,
    TimeProvider clock,
    ILogger<Sessions> log)
{
    public const string Password = "password";

    public const string Code = "code";

    public const string PasswordAndCode = "password and code";

    /// <summary>The claim with the id of the session, as in OpenID Connect.</summary>
    public const string Claim = "sid";

    /// <summary>The last use is written at most this often.</summary>
    private static readonly TimeSpan TouchAfter = TimeSpan.FromMinutes(5);

    private readonly SessionOptions options = options.Value;

    /// <summary>Begins a session within the caller's unit of work.</summary>
    public async Task<IssuedSession> BeginAsync(PortalDbContext db, PortalUser user, SessionRequest request, string method)
    {
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            UserId = user.Id,
            Kind = request.Kind,
            Method = method,
            Browser = db.RequestContext.Browser,
            Client = db.RequestContext.Client,
            StartedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + (request.Lifetime ?? options.BrowserLifetime),
        };
        db.Sessions.Add(session);
        var refreshToken = request.Kind == SessionKind.Api ? RefreshTokens.Issue(db, session.Id) : null;
        await db.SaveChangesAsync();
        return new IssuedSession(user, session.Id, now, refreshToken);
    }

    /// <summary>The account of a session, if both still exist and the session has not ended.</summary>
    public async Task<PortalUser?> FindAsync(string sessionId, string userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var found = await Live(db, now)
            .Where(session => session.Id == sessionId && session.UserId == userId)
            .Join(db.Users, session => session.UserId, user => user.Id, (session, user) => new { session.LastUsedAt, User = user })
            .AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || !examples.MaySignIn(found.User))
        {
            return null;
        }

        if (now - found.LastUsedAt >= TouchAfter)
        {
            await TouchAsync(sessionId, now);
        }

        return found.User;
    }

    /// <summary>Sessions that have not ended.</summary>
    internal IQueryable<Session> Live(PortalDbContext db, DateTimeOffset now)
    {
        var (browsersSince, programsSince) = (now - options.BrowserIdleTimeout, now - options.RefreshIdleTimeout);
        return db.Sessions.Where(session => session.ExpiresAt > now
            && session.LastUsedAt > (session.Kind == SessionKind.Browser ? browsersSince : programsSince));
    }

    /// <summary>Ends one session because its owner signs out.</summary>
    public Task SignOutAsync(string sessionId) => lane.RunAsync(
        async db =>
        {
            var email = await db.Sessions.Where(session => session.Id == sessionId)
                .Join(db.Users, session => session.UserId, user => user.Id, (_, user) => user.NormalizedEmail)
                .SingleOrDefaultAsync();
            if (await EndAsync(db, sessionId))
            {
                await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.SignedOut, Address = email ?? "" });
            }
        },
        CancellationToken.None);

    /// <summary>Ends one session and its refresh tokens.</summary>
    /// <returns>Whether the session existed.</returns>
    public static async Task<bool> EndAsync(PortalDbContext db, string sessionId) =>
        await db.Sessions.Where(session => session.Id == sessionId).ExecuteDeleteAsync() > 0;

    /// <summary>Ends all sessions of an account, in browsers and programs.</summary>
    /// <param name="except">A session to keep, or null.</param>
    public static Task EndAllAsync(PortalDbContext db, string userId, string? except = null) =>
        db.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync();

    // A failure to write the last use must not refuse the request: at worst the session ends five minutes early.
    private async Task TouchAsync(string sessionId, DateTimeOffset now)
    {
        try
        {
            await lane.RunAsync(
                db => db.Sessions.Where(session => session.Id == sessionId)
                    .ExecuteUpdateAsync(row => row.SetProperty(session => session.LastUsedAt, now)),
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "The last use of a session could not be saved");
        }
    }
}

/// <summary>Removes sessions that have ended.</summary>
internal sealed class SessionPurge(BatchedDelete delete, IOptions<SessionOptions> options, TimeProvider clock) : IPurge
{
    private readonly string sql = SessionsSql.Purge(options.Value);

    public string Name => "sessions";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(sql, clock.GetUtcNow(), cancellationToken);
}
