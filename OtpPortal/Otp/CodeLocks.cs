using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A spent failure budget: no code is sent or compared until it is restored.</summary>
/// <param name="Address">The normalised email address or mobile number.</param>
public sealed record CodeLock(string Address, Purpose Purpose, DateTimeOffset Until);

/// <summary>Finds spent failure budgets.</summary>
public sealed class CodeLocks(OtpRules rules, IOptions<OtpOptions> options, TimeProvider clock)
{
    private readonly OtpOptions options = options.Value;

    /// <summary>The locks of those addresses and mobile numbers that are locked now.</summary>
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
