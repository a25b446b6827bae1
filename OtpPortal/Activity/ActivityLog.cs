using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Writes the activity log.</summary>
public static class ActivityLog
{
    private const string Insert = """
        INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Count, Detail)
        VALUES (@at, @kind, @purpose, @channel, @address, @client, @browser, @node, @correlation, @delay, @bucket, @count, @detail)
        """;

    /// <summary>Details longer than this many characters are cut.</summary>
    private const int MaxDetail = 500;

    /// <summary>
    /// Records an event in the transaction of the change that it describes: after a crash there are both, or neither. The event gets the
    /// request context of the unit of work. Once it is committed, the metrics count it.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="happened">The event, without request context and node.</param>
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
