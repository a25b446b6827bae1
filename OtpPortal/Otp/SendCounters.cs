using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A limit that several identifiers share.</summary>
/// <param name="Key">What is counted, prefixed by its kind.</param>
/// <param name="PerHour">Messages in an hour, which begins with its first message.</param>
/// <param name="PerDay">Messages in a day, which begins with its first message.</param>
public sealed record SendLimit(string Key, int PerHour, int PerDay)
{
    /// <summary>
    /// Whether the message is counted, and not only checked against the limit. A decoy is not counted, but is refused if a message would
    /// be.
    /// </summary>
    public bool Counts { get; init; } = true;

    /// <summary>
    /// The time until which a reached limit refuses, if it is the same for everybody; null if it depends on the first counted message.
    /// </summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>
/// Counts messages against limits that several identifiers share. Counters are read and written within the caller's unit of work, and units
/// of work run one at a time, so concurrent requests cannot exceed a limit.
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

    public async Task AddAsync(PortalDbContext db, string key) =>
        await db.QueryAsync(SendCountersSql.Add, row => row.FieldCount, ("key", key), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Counts one message if it is within the limit.</summary>
    /// <returns>Whether the message was counted.</returns>
    public async Task<bool> TryAddAsync(PortalDbContext db, SendLimit limit)
    {
        if (await WaitAsync(db, limit) is not null)
        {
            return false;
        }

        await AddAsync(db, limit.Key);
        return true;
    }

    /// <summary>The number of messages that were counted in the current day.</summary>
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

/// <summary>Removes counters of past days.</summary>
internal sealed class SendCounterPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    public string Name => "counts of messages";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        SendCountersSql.Purge, clock.GetUtcNow(), cancellationToken);
}
