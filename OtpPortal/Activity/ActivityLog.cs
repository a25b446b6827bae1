using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Writes the activity log.</summary>
internal static class ActivityLog
{
    /// <summary>Details longer than this many characters are cut.</summary>
    private const int MaxDetail = 500;

    /// <summary>
    /// Records an event in the transaction of what it describes: after a crash either both are there, or neither. The event has the request
    /// context of the unit of work. Once it is committed it is counted in the metrics.
    /// </summary>
    public static async Task RecordAsync(this PortalDbContext db, ActivityEvent activityEvent)
    {
        await db.QueryAsync(
            ActivitySql.Insert,
            row => row.FieldCount,
            ("at", activityEvent.At.ToUnixTimeMilliseconds()),
            ("kind", (int)activityEvent.Kind),
            ("purpose", activityEvent.Purpose),
            ("channel", activityEvent.Channel),
            ("address", activityEvent.Address),
            ("client", db.RequestContext.Client),
            ("browser", db.RequestContext.Browser),
            ("node", Environment.MachineName),
            ("correlation", db.RequestContext.Correlation),
            ("delay", (object?)activityEvent.Delay ?? DBNull.Value),
            ("bucket", activityEvent.Delay is { } delay ? DelayBuckets.Of(delay) : DBNull.Value),
            ("count", (object?)activityEvent.Count ?? DBNull.Value),
            ("detail", activityEvent.Detail.Length > MaxDetail ? activityEvent.Detail[..MaxDetail] : activityEvent.Detail));
        if (db.Observer is { } observer)
        {
            db.OnCommitted(() => observer.OnCommitted(activityEvent));
        }
    }
}
