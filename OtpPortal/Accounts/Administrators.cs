using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>What came of making somebody an administrator.</summary>
public enum GrantOutcome
{
    /// <summary>The person is one now, without signing in again.</summary>
    Granted,

    /// <summary>The person was one already.</summary>
    Already,

    /// <summary>Nobody has an account with the address.</summary>
    Unknown,

    /// <summary>The address was registered, but nobody has entered its code yet.</summary>
    Unverified,
}

/// <summary>What came of taking somebody's role of administrator.</summary>
public enum RevokeOutcome
{
    /// <summary>The person is none from the next request on, in open pages and programs too.</summary>
    Revoked,

    /// <summary>The person was none.</summary>
    None,

    /// <summary>Nobody has an account with the address.</summary>
    Unknown,

    /// <summary>The person is the only one, and was to stay then.</summary>
    Last,
}

/// <summary>An administrator.</summary>
/// <param name="Email">The normalised address.</param>
/// <param name="LastSignInAt">When the person last signed in.</param>
public sealed record Administrator(string Email, DateTimeOffset? LastSignInAt);

/// <summary>
/// Who is an administrator. Each change is one statement, so that the database decides races: of two programs that take the role of the
/// last two administrators at once, one is refused.
/// </summary>
public sealed class Administrators(WriteLane lane, IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>Makes somebody an administrator.</summary>
    /// <param name="by">Who does it, for the activity log.</param>
    public Task<GrantOutcome> GrantAsync(EmailAddress email, string by, CancellationToken cancellationToken) => lane.RunAsync(
        async db =>
        {
            if (await ChangeAsync(db, AccountsSql.GrantAdmin, ActivityEventKind.AdminGranted, email, by))
            {
                return GrantOutcome.Granted;
            }

            return await AccountLookup.Find(db, email).AsNoTracking().SingleOrDefaultAsync(cancellationToken) switch
            {
                null when await PendingRegistrations.AnyAsync(db, email) => GrantOutcome.Unverified,
                null => GrantOutcome.Unknown,
                _ => GrantOutcome.Already,
            };
        },
        cancellationToken);

    /// <summary>Takes the role of an administrator.</summary>
    /// <param name="evenTheLast">Whether nobody may be left.</param>
    /// <param name="by">Who does it, for the activity log.</param>
    public Task<RevokeOutcome> RevokeAsync(EmailAddress email, bool evenTheLast, string by, CancellationToken cancellationToken) =>
        lane.RunAsync(
        async db =>
        {
            if (await ChangeAsync(db, AccountsSql.RevokeAdmin, ActivityEventKind.AdminRevoked, email, by, ("evenTheLast", evenTheLast)))
            {
                return RevokeOutcome.Revoked;
            }

            return await AccountLookup.Find(db, email).AsNoTracking().SingleOrDefaultAsync(cancellationToken) switch
            {
                null => RevokeOutcome.Unknown,
                { IsAdmin: false } => RevokeOutcome.None,
                _ => RevokeOutcome.Last,
            };
        },
        cancellationToken);

    /// <summary>All of them, by address.</summary>
    public async Task<IReadOnlyList<Administrator>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(user => user.IsAdmin).OrderBy(user => user.NormalizedEmail)
            .Select(user => new Administrator(user.NormalizedEmail!, user.LastSignInAt))
            .ToListAsync(cancellationToken);
    }

    private async Task<bool> ChangeAsync(
        PortalDbContext db, string sql, ActivityEventKind kind, EmailAddress email, string by, params (string Name, object Value)[] more)
    {
        if (await db.QueryAsync(sql, row => row.GetString(0), [("email", email.Value), .. more]) is [])
        {
            return false;
        }

        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = kind, Address = email.Value, Detail = by });
        return true;
    }
}
