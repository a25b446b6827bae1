using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>The outcome of granting the administrator role.</summary>
public enum GrantOutcome
{
    /// <summary>The account has the role now, without a new sign-in.</summary>
    Granted,

    /// <summary>The account had the role already.</summary>
    Already,

    /// <summary>Nobody has an account with the address.</summary>
    Unknown,

    /// <summary>The address was registered, but nobody has entered its code yet.</summary>
    Unverified,
}

/// <summary>The outcome of revoking the administrator role.</summary>
public enum RevokeOutcome
{
    /// <summary>The account loses the role with the next request, in open pages and programs too.</summary>
    Revoked,

    /// <summary>The account did not have the role.</summary>
    None,

    /// <summary>Nobody has an account with the address.</summary>
    Unknown,

    /// <summary>The account is the last administrator's, and the role was to be kept in this case.</summary>
    Last,
}

/// <param name="Email">The normalised address.</param>
public sealed record Administrator(string Email, DateTimeOffset? LastSignInAt);

/// <summary>
/// Grants, revokes and lists the administrator role. Each change is a single statement, so that the database decides races: if two programs
/// revoke the last two administrators at once, one of them is refused.
/// </summary>
public sealed class Administrators(WriteLane lane, IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <param name="by">The actor, for the activity log.</param>
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

    /// <param name="evenTheLast">Whether the last administrator may lose the role too.</param>
    /// <param name="by">The actor, for the activity log.</param>
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

    /// <summary>All administrators, ordered by address.</summary>
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
