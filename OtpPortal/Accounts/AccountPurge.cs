using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Removes accounts that were not verified within 24 hours of their registration.</summary>
public sealed class AccountPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <summary>How long a registration waits for its code to be entered.</summary>
    public static readonly TimeSpan KeepUnverified = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public string What => "unverified accounts";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancel) => delete.RunAsync(
        // Not while a code is on its way: it was asked for again at the last minute, and would meet no account.
        """
        DELETE FROM AspNetUsers WHERE Id IN
            (SELECT Id FROM AspNetUsers WHERE NOT EmailConfirmed AND RegisteredAt <= {0}
                AND NOT EXISTS (SELECT 1 FROM OtpCodes WHERE OtpCodes.Email = NormalizedEmail AND ExpiresAt > {0} + 86400000)
             LIMIT {1})
        """,
        clock.GetUtcNow() - KeepUnverified,
        cancel);
}
