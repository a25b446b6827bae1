using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// Counts new events into the totals of their minute, hour and day, a few thousand at a time. The cursor moves in the same transaction, so
/// that every event is counted exactly once, even if the process is killed.
/// </summary>
internal sealed class ActivityRollup(WriteLane lane)
{
    /// <summary>Events in a batch, which takes some milliseconds of the lane's time.</summary>
    internal const int Batch = 500;

    /// <summary>Counts all that is new.</summary>
    /// <returns>How many events there were.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken) => RunAsync(Batch, cancellationToken);

    /// <inheritdoc cref="RunAsync(CancellationToken)"/>
    /// <param name="batch">Events a batch.</param>
    internal async Task<int> RunAsync(int batch, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var counted = await lane.RunAsync(db => CountAsync(db, batch), cancellationToken);
            total += counted;
            if (counted < batch)
            {
                return total;
            }
        }
    }

    private static async Task<int> CountAsync(PortalDbContext db, int most)
    {
        var batch = await db.QueryAsync(
            ActivityTotalsSql.NextBatch,
            row => (UpTo: row.IsDBNull(0) ? 0 : row.GetInt64(0), Count: row.GetInt32(1)),
            ("batch", most));
        if (batch[0].Count > 0)
        {
            await db.QueryAsync(ActivityTotalsSql.Rollup, row => row.FieldCount, ("upTo", batch[0].UpTo));
        }

        return batch[0].Count;
    }
}
