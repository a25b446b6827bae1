using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Removes registrations whose address was not verified in time.</summary>
internal sealed class PendingRegistrationPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    public string Name => "pending registrations";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        PendingRegistrationsSql.Purge,
        clock.GetUtcNow() - PendingRegistrations.Lifetime,
        cancellationToken);
}
