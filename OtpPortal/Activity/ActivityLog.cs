using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Adds to the activity log.</summary>
public static class ActivityLog
{
    private const string Insert = """
        INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Count, Detail)
        VALUES (@at, @kind, @purpose, @channel, @address, @client, @browser, @node, @correlation, @delay, @bucket, @count, @detail)
        """;

    /// <summary>Details longer than this many characters are cut.</summary>
    private const int MaxDetail = 500;

    /// <summary>
    /// Notes an event in the transaction of what it tells about: either both are there after a crash, or neither. Where it came from is
    /// what the unit of work came from. Once it is committed it is counted in the metrics.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="happened">What happened; origin and node are added to it.</param>
    public static async Task RecordAsync(this PortalDbContext db, ActivityEvent happened)
    {
        await db.QueryAsync(
            Insert,
            row => row.FieldCount,
            ("at", happened.At.ToUnixTimeMilliseconds()),
            ("kind", (int)happened.Kind),
            ("purpose", happened.Purpose),
            ("channel", happened.Channel),
            ("address", happened.Address),
            ("client", db.RequestContext.Client),
            ("browser", db.RequestContext.Browser),
            ("node", Environment.MachineName),
            ("correlation", db.RequestContext.Correlation),
            ("delay", (object?)happened.Delay ?? DBNull.Value),
            ("bucket", happened.Delay is { } delay ? DelayBuckets.Of(delay) : DBNull.Value),
            ("count", (object?)happened.Count ?? DBNull.Value),
            ("detail", happened.Detail.Length > MaxDetail ? happened.Detail[..MaxDetail] : happened.Detail));
        if (db.Observer is { } observer)
        {
            db.OnCommitted(() => observer.OnCommitted(happened));
        }
    }
}
