using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Limits wrong passwords in a row to the failure budget of codes, and then refuses passwords for the lock time (NIST SP 800-63B-4
/// §3.2.2). A locked person can still sign in with a code.
/// </summary>
public sealed class PasswordThrottle(WriteLane lane, IOptions<OtpOptions> options, TimeProvider clock)
{
    private readonly OtpOptions options = options.Value;

    /// <summary>
    /// Spends one attempt before the password is compared, so that parallel attempts cannot exceed the budget. Addresses without an account
    /// have a budget too, so that the time of the response reveals nothing.
    /// </summary>
    /// <param name="key">What the attempts are counted for: the address of an account, or what was entered where there is none.</param>
    /// <returns>False if the budget is spent.</returns>
    public async Task<bool> TrySpendAsync(string key, CancellationToken cancellationToken)
    {
        var counted = await lane.RunAsync(
            db => db.QueryAsync(
                PasswordFailuresSql.Spend,
                row => row.GetInt32(0),
                ("email", key),
                ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()),
                ("budget", options.FailureBudget),
                ("lockFor", (long)options.LockFor.TotalMilliseconds)),
            cancellationToken);
        return counted.Count == 1;
    }

    /// <summary>Resets the budget after a success, or on behalf of an administrator.</summary>
    /// <returns>Whether there were failures to clear.</returns>
    public static async Task<bool> ClearAsync(PortalDbContext db, EmailAddress email) => await db.QueryAsync(
        PasswordFailuresSql.Clear, row => row.GetInt32(0), ("email", email.Value))
            is { Count: > 0 };

    /// <summary>The addresses that are locked, with the end of each lock.</summary>
    public Task<Dictionary<string, DateTimeOffset>> LocksAsync(
        PortalDbContext db, IReadOnlyCollection<string> emails, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - options.LockFor;
        return db.PasswordFailures
            .Where(row => emails.Contains(row.Email) && row.Failures >= options.FailureBudget && row.LastFailureAt > since)
            .ToDictionaryAsync(row => row.Email, row => row.LastFailureAt + options.LockFor, cancellationToken);
    }
}

/// <summary>Removes counts of wrong passwords after the lock time.</summary>
internal sealed class PasswordThrottlePurge(BatchedDelete delete, IOptions<OtpOptions> options, TimeProvider clock) : IPurge
{
    public string Name => "counts of wrong passwords";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        PasswordFailuresSql.Purge,
        clock.GetUtcNow() - options.Value.LockFor,
        cancellationToken);
}
