using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A limit that several identifiers share.</summary>
/// <param name="Key">What is counted, with its kind before it.</param>
/// <param name="PerHour">Messages in an hour, counted from its first.</param>
/// <param name="PerDay">Messages in a day, counted from its first.</param>
public sealed record SendLimit(string Key, int PerHour, int PerDay)
{
    /// <summary>
    /// Whether the message counts, or is only held against what was counted. A decoy costs nothing, but is refused where a message would
    /// be.
    /// </summary>
    public bool Counts { get; init; } = true;

    /// <summary>
    /// Until when a spent limit refuses, where that is the same for everybody; null where it depends on what was counted first.
    /// </summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>
/// Counts messages against limits that several identifiers share. It reads and writes within the caller's unit of work, which is alone in
/// the database: however many
/// ask at once, never one more than the limit is counted.
/// </summary>
public sealed class SendCounters(TimeProvider clock)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How long until one more message is within every limit; null if it is now.</summary>
    public async Task<TimeSpan?> WaitAsync(PortalDbContext db, params IEnumerable<SendLimit> limits)
    {
        var now = clock.GetUtcNow();
        TimeSpan? longest = null;
        foreach (var limit in limits)
        {
            foreach (var row in await db.QueryAsync(SendCountersSql.Find, Row.Read, ("key", limit.Key)))
            {
                Later(row.HourCount >= limit.PerHour, limit.Until ?? row.HourStartedAt.AddHours(1));
                Later(row.DayCount >= limit.PerDay, limit.Until ?? row.DayStartedAt + Day);
            }
        }

        return longest;

        void Later(bool applies, DateTimeOffset until)
        {
            if (applies && until > now && !(longest > until - now))
            {
                longest = until - now;
            }
        }
    }

    /// <summary>Counts one message.</summary>
    public async Task AddAsync(PortalDbContext db, string key) =>
        await db.QueryAsync(SendCountersSql.Add, row => row.FieldCount, ("key", key), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Counts one message if it is within the limit.</summary>
    /// <returns>Whether it was.</returns>
    public async Task<bool> TryAddAsync(PortalDbContext db, SendLimit limit)
    {
        if (await WaitAsync(db, limit) is not null)
        {
            return false;
        }

        await AddAsync(db, limit.Key);
        return true;
    }

    /// <summary>Messages that were counted in the day that is running.</summary>
    public async Task<int> CountOfDayAsync(PortalDbContext db, string key)
    {
        var now = clock.GetUtcNow();
        return (await db.QueryAsync(SendCountersSql.Find, Row.Read, ("key", key))).Where(row => row.DayStartedAt + Day > now)
            .Sum(row => row.DayCount);
    }

    private sealed record Row(DateTimeOffset HourStartedAt, int HourCount, DateTimeOffset DayStartedAt, int DayCount)
    {
        public static Row Read(System.Data.Common.DbDataReader row) => new(
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            row.GetInt32(1),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            row.GetInt32(3));
    }
}

/// <summary>Removes counters of days that have passed.</summary>
public sealed class SendCounterPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "counts of messages";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        SendCountersSql.Purge, clock.GetUtcNow(), cancellationToken);
}
