using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// Counts new events into the totals of their minute, hour and day, a few thousand at a time. The cursor moves in the same transaction, so
/// that every event is counted exactly once, even if the process is killed.
/// </summary>
public sealed class ActivityRollup(WriteLane lane)
{
    /// <summary>Events in a batch, which takes some milliseconds of the lane's time.</summary>
    internal const int Batch = 500;

    private const string CursorSql = "COALESCE((SELECT UpTo FROM RollupCursors WHERE Id = 1), 0)";

    private static readonly string Totals = string.Join(
        '\n', new[] { StatisticsRange.Minute, StatisticsRange.Hour, StatisticsRange.Day }.Select(span => $"""
        INSERT INTO ActivityTotals (Span, Start, Kind, Purpose, Bucket, Count)
        SELECT {span}, At / {span}000 * {span}, Kind, Purpose, COALESCE(Bucket, -1), COUNT(*)
        FROM Activity WHERE Id > {CursorSql} AND Id <= @upTo GROUP BY 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count;
        """));

    private static readonly string DomainTotals = string.Join('\n', new[] { StatisticsRange.Hour, StatisticsRange.Day }.Select(span => $"""
        INSERT INTO ActivityDomainTotals (Span, Start, Domain, Kind, Bucket, Count)
        SELECT {span}, At / {span}000 * {span}, {DomainEventsSql.Domain}, Kind, COALESCE(Bucket, -1), COUNT(*)
        FROM Activity WHERE Id > {CursorSql} AND Id <= @upTo AND {DomainEventsSql.Counts} GROUP BY 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count;
        """));

    private static readonly string Sql = $"""
        {Totals}
        {DomainTotals}
        INSERT INTO RollupCursors (Id, UpTo) VALUES (1, @upTo) ON CONFLICT (Id) DO UPDATE SET UpTo = excluded.UpTo;
        """;

    /// <summary>Counts all new events.</summary>
    /// <param name="batch">Events in a batch.</param>
    /// <returns>How many events there were.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken, int batch = Batch)
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
            $"SELECT MAX(Id), COUNT(*) FROM (SELECT Id FROM Activity WHERE Id > {CursorSql} ORDER BY Id LIMIT @batch)",
            row => (UpTo: row.IsDBNull(0) ? 0 : row.GetInt64(0), Count: row.GetInt32(1)),
            ("batch", most));
        if (batch[0].Count > 0)
        {
            await db.QueryAsync(Sql, row => row.FieldCount, ("upTo", batch[0].UpTo));
        }

        return batch[0].Count;
    }
}
