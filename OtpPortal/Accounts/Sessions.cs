using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>A session that somebody asks for who is about to prove who they are.</summary>
/// <param name="Kind">Who holds it.</param>
/// <param name="Lifetime">How long it lasts at most; null for the lifetime of browsers.</param>
public sealed record SessionRequest(SessionKind Kind, TimeSpan? Lifetime = null)
{
    /// <summary>A session of a browser.</summary>
    public static SessionRequest Browser { get; } = new(SessionKind.Browser);
}

/// <summary>A session that has begun or gone on.</summary>
/// <param name="User">The account as it is now.</param>
/// <param name="SessionId">The session.</param>
/// <param name="AuthenticatedAt">When it began or went on.</param>
/// <param name="RefreshToken">
/// What continues the session of a program, once. To be kept secret; only its hash is stored. Null for browsers.
/// </param>
public sealed record IssuedSession(PortalUser User, string SessionId, DateTimeOffset AuthenticatedAt, string? RefreshToken)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => "******";
}

/// <summary>
/// The sign-ins that last. Each is a row, looked up with every request: whoever deletes it has signed that browser or program out.
/// </summary>
public sealed class Sessions(
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    ExampleAccounts examples,
    IOptions<SessionOptions> options,
    TimeProvider clock,
    ILogger<Sessions> log)
{
    /// <summary>Password sign-in.</summary>
    public const string Password = "password";

    /// <summary>Sign-in with a code.</summary>
    public const string Code = "code";

    /// <summary>Sign-in with a password, and a code as the second factor.</summary>
    public const string PasswordAndCode = "password and code";

    /// <summary>The claim that names the session, as in OpenID Connect.</summary>
    public const string Claim = "sid";

    /// <summary>The last use is written this often at most.</summary>
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

    /// <summary>The account of a session, if both are still there and the session is not over.</summary>
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

    /// <summary>Those sessions that are not over.</summary>
    internal IQueryable<Session> Live(PortalDbContext db, DateTimeOffset now)
    {
        var (browsersSince, programsSince) = (now - options.BrowserIdleTimeout, now - options.RefreshIdleTimeout);
        return db.Sessions.Where(session => session.ExpiresAt > now
            && session.LastUsedAt > (session.Kind == SessionKind.Browser ? browsersSince : programsSince));
    }

    /// <summary>Ends one session because its person signs out.</summary>
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

    /// <summary>Ends one session, with the refresh tokens that would continue it.</summary>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> EndAsync(PortalDbContext db, string sessionId) =>
        await db.Sessions.Where(session => session.Id == sessionId).ExecuteDeleteAsync() > 0;

    /// <summary>Ends all sessions of an account, in browsers and programs.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="userId">The account.</param>
    /// <param name="except">One that goes on, or null.</param>
    public static Task EndAllAsync(PortalDbContext db, string userId, string? except = null) =>
        db.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync();

    // Not being able to write it down is no reason to turn anybody away: at worst the session ends five minutes early.
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

/// <summary>Removes sessions that are over.</summary>
public sealed class SessionPurge(BatchedDelete delete, IOptions<SessionOptions> options, TimeProvider clock) : IPurge
{
    private readonly string sql = SessionsSql.Purge(options.Value);

    /// <inheritdoc/>
    public string Name => "sessions";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(sql, clock.GetUtcNow(), cancellationToken);
}
