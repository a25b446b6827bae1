using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>Removes messages that ended a day ago. Their codes were wiped when they ended.</summary>
public sealed class OutboxPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "delivered messages";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        OutboxSql.Purge,
        clock.GetUtcNow().AddDays(-1),
        cancellationToken);
}
