using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// The statements on the tables ActivityTotals, ActivityDomainTotals and RollupCursors. What is not counted into the totals yet is added
/// from the events, so that figures are exact at every moment.
/// </summary>
internal static class ActivityTotalsSql
{
    public const int DomainsShown = 20;

    /// <summary>Up to which event the totals are counted.</summary>
    private const string Cursor = "COALESCE((SELECT UpTo FROM RollupCursors WHERE Id = 1), 0)";

    public const string NextBatch =
        $"SELECT MAX(Id), COUNT(*) FROM (SELECT Id FROM Activity WHERE Id > {Cursor} ORDER BY Id LIMIT @batch)";

    public const string LastHourAndDay = $"""
        SELECT CASE WHEN Start >= @hour THEN 1 ELSE 0 END, Kind, SUM(Count) FROM (
            SELECT Start, Kind, Purpose, Count FROM ActivityTotals WHERE Span = 60 AND Start >= @day
            UNION ALL
            SELECT At / 1000, Kind, Purpose, 1 FROM Activity WHERE Id > {Cursor} AND At + 0 >= @day * 1000)
        WHERE Purpose <> '' AND Start < @now GROUP BY 1, 2
        """;

    /// <summary>
    /// What is new is found by its Id: the sums keep the database from the indexes of time and kind, in which it is scattered.
    /// </summary>
    public const string Events = $"""
        SELECT (Start - @from) / @bar, Kind, Purpose, Bucket, SUM(Count) FROM (
            SELECT Start, Kind, Purpose, Bucket, Count FROM ActivityTotals WHERE Span = @span AND Start >= @from
            UNION ALL
            SELECT At / 1000, Kind, Purpose, COALESCE(Bucket, -1), 1 FROM Activity WHERE Id > {Cursor} AND At + 0 >= @from * 1000)
        WHERE Purpose <> '' AND Start < @to
        GROUP BY 1, 2, 3, 4
        """;

    /// <summary>
    /// Of kind and time one stretch of the key, with a row for each domain and span: few, however many delays there were.
    /// </summary>
    public static readonly string LargestDomains = $"""
        SELECT Domain FROM (
            SELECT Domain, Count FROM ActivityDomainTotals
            WHERE Span = @span AND Kind = {(int)ActivityEventKind.Sent} AND Start >= @from AND Start < @to
            UNION ALL
            SELECT {ActivitySql.Domain}, 1 FROM Activity
            WHERE Id > {Cursor} AND At + 0 >= @from * 1000 AND At + 0 < @to * 1000 AND Kind + 0 = {(int)ActivityEventKind.Sent}
                AND {ActivitySql.CountsForDomain})
        GROUP BY Domain ORDER BY SUM(Count) DESC, Domain LIMIT {DomainsShown}
        """;

    /// <summary>Counts a batch, and moves the cursor in the same transaction.</summary>
    public static readonly string Rollup = $"""
        {Count(StatisticsRange.Minute)}
        {Count(StatisticsRange.Hour)}
        {Count(StatisticsRange.Day)}
        {CountDomains(StatisticsRange.Hour)}
        {CountDomains(StatisticsRange.Day)}
        INSERT INTO RollupCursors (Id, UpTo) VALUES (1, @upTo) ON CONFLICT (Id) DO UPDATE SET UpTo = excluded.UpTo;
        """;

    public static string Purge(int span) => $$"""
        DELETE FROM ActivityTotals WHERE (Span, Start, Kind, Purpose, Bucket) IN
            (SELECT Span, Start, Kind, Purpose, Bucket FROM ActivityTotals WHERE Span = {{span}} AND Start <= {0} / 1000 LIMIT {1})
        """;

    /// <summary>The kind stands before the start, so it has to be named for the key to be of use.</summary>
    public static string PurgeDomains(int span) => $$"""
        DELETE FROM ActivityDomainTotals WHERE (Span, Kind, Start, Domain, Bucket) IN
            (SELECT Span, Kind, Start, Domain, Bucket FROM ActivityDomainTotals
             WHERE Span = {{span}} AND Kind IN {{ActivitySql.DomainKinds}} AND Start <= {0} / 1000 LIMIT {1})
        """;

    /// <summary>
    /// Each span and each domain by itself, so that the key leads to their few rows among those of all domains. Domains are parameters
    /// <c>@domain0</c> and so on.
    /// </summary>
    public static string Domains(StatisticsRange range, DateTimeOffset from, int count)
    {
        var starts = string.Join(", ",
            Enumerable.Range(0, range.Bars * range.BarSeconds / range.Span).Select(i => from.ToUnixTimeSeconds() + ((long)i * range.Span)));
        var domains = string.Join(", ", Enumerable.Range(0, count).Select(i => $"@domain{i}"));
        return $"""
            SELECT Domain, Kind, Bucket, SUM(Count) FROM (
                SELECT Domain, Kind, Bucket, Count FROM ActivityDomainTotals
                WHERE Span = @span AND Kind IN {ActivitySql.DomainKinds} AND Start IN ({starts}) AND Domain IN ({domains})
                UNION ALL
                SELECT {ActivitySql.Domain} AS Domain, Kind, COALESCE(Bucket, -1), 1 FROM Activity
                WHERE Id > {Cursor} AND At + 0 >= @from * 1000 AND At + 0 < @to * 1000 AND {ActivitySql.CountsForDomain})
            WHERE Domain IN ({domains})
            GROUP BY 1, 2, 3
            """;
    }

    private static string Count(int span) => $"""
        INSERT INTO ActivityTotals (Span, Start, Kind, Purpose, Bucket, Count)
        SELECT {span}, At / {span}000 * {span}, Kind, Purpose, COALESCE(Bucket, -1), COUNT(*)
        FROM Activity WHERE Id > {Cursor} AND Id <= @upTo GROUP BY 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count;
        """;

    private static string CountDomains(int span) => $"""
        INSERT INTO ActivityDomainTotals (Span, Start, Domain, Kind, Bucket, Count)
        SELECT {span}, At / {span}000 * {span}, {ActivitySql.Domain}, Kind, COALESCE(Bucket, -1), COUNT(*)
        FROM Activity WHERE Id > {Cursor} AND Id <= @upTo AND {ActivitySql.CountsForDomain} GROUP BY 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET Count = Count + excluded.Count;
        """;
}
