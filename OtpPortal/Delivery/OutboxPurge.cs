using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>Removes messages that ended a day ago. Their codes were deleted when they ended.</summary>
internal sealed class OutboxPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    public string Name => "delivered messages";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        OutboxSql.Purge,
        clock.GetUtcNow().AddDays(-1),
        cancellationToken);
}
