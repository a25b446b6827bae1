using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>Removes messages that ended a day ago. Their codes were wiped when they ended.</summary>
public sealed class OutboxPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "delivered messages";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        "DELETE FROM Outbox WHERE Id IN (SELECT Id FROM Outbox WHERE State <> 0 AND EndedAt <= {0} LIMIT {1})",
        clock.GetUtcNow().AddDays(-1),
        cancellationToken);
}
