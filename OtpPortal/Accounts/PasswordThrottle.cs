using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Wrong passwords in a row: as many as the failure budget of codes allows, then none for the lock time (NIST SP 800-63B-4 §3.2.2).
/// A locked person can still sign in with a code.
/// </summary>
public sealed class PasswordThrottle(WriteLane lane, IOptions<OtpOptions> options, TimeProvider clock)
{
    private readonly OtpOptions options = options.Value;

    /// <summary>
    /// Pays for one try before the password is looked at, so that parallel tries cannot overdraw. Addresses without an account pay too,
    /// so that time tells nothing.
    /// </summary>
    /// <returns>False if the budget is spent.</returns>
    public async Task<bool> TrySpendAsync(string email, CancellationToken cancellationToken)
    {
        var paid = await lane.RunAsync(
            db => db.QueryAsync(
                PasswordFailuresSql.Spend,
                row => row.GetInt32(0),
                ("email", email),
                ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()),
                ("budget", options.FailureBudget),
                ("lockFor", (long)options.LockFor.TotalMilliseconds)),
            cancellationToken);
        return paid.Count == 1;
    }

    /// <summary>A success clears it, and so does an administrator.</summary>
    /// <returns>Whether there was something to clear.</returns>
    public static async Task<bool> ClearAsync(PortalDbContext db, EmailAddress email) => await db.QueryAsync(
        PasswordFailuresSql.Clear, row => row.GetInt32(0), ("email", email.Value))
            is { Count: > 0 };

    /// <summary>Until when each of some addresses is locked, of those that are.</summary>
    public Task<Dictionary<string, DateTimeOffset>> LocksAsync(
        PortalDbContext db, IReadOnlyCollection<string> emails, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - options.LockFor;
        return db.PasswordFailures
            .Where(row => emails.Contains(row.Email) && row.Failures >= options.FailureBudget && row.LastFailureAt > since)
            .ToDictionaryAsync(row => row.Email, row => row.LastFailureAt + options.LockFor, cancellationToken);
    }
}

/// <summary>Removes counts of wrong passwords that are forgotten.</summary>
public sealed class PasswordThrottlePurge(BatchedDelete delete, IOptions<OtpOptions> options, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "counts of wrong passwords";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        PasswordFailuresSql.Purge,
        clock.GetUtcNow() - options.Value.LockFor,
        cancellationToken);
}
