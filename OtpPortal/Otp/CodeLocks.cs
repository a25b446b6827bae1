using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A failure budget that is spent: no code is sent and none is compared.</summary>
/// <param name="Address">The normalised address or mobile number.</param>
/// <param name="Purpose">What the codes are for.</param>
/// <param name="Until">When the lock ends.</param>
public sealed record CodeLock(string Address, Purpose Purpose, DateTimeOffset Until);

/// <summary>Finds the failure budgets that are spent.</summary>
public sealed class CodeLocks(OtpRules rules, IOptions<OtpOptions> options, TimeProvider clock)
{
    private readonly OtpOptions options = options.Value;

    /// <summary>Which of some addresses and mobile numbers are locked now.</summary>
    public async Task<IReadOnlyList<CodeLock>> FindAsync(
        PortalDbContext db, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - options.LockFor;
        var rows = await db.OtpCodes.AsNoTracking()
            .Where(row => addresses.Contains(row.Email) && row.Failures >= options.FailureBudget && row.LastFailureAt > since)
            .ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               from purpose in Enum.GetValues<Purpose>()
               where purpose.Name() == row.Purpose
               orderby row.Email, purpose
               select new CodeLock(row.Email, purpose, rules.LockedUntil(row)),
        ];
    }
}
