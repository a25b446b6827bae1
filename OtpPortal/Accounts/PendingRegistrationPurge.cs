using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Removes registrations whose address was not proven in time.</summary>
public sealed class PendingRegistrationPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "pending registrations";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        // Not while a code is on its way: it was asked for again at the last minute, and would meet no registration.
        $$"""
        DELETE FROM PendingRegistrations WHERE (Email, Binding) IN
            (SELECT Email, Binding FROM PendingRegistrations WHERE RegisteredAt <= {0}
                AND NOT {{OtpCodesSql.IsWaiting("PendingRegistrations.Email", "{0} + 86400000")}}
             LIMIT {1})
        """,
        clock.GetUtcNow() - PendingRegistrations.Lifetime,
        cancellationToken);
}
