using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// Reads the activity log, newest first. Every condition uses an index that is already in the order of time, and reads no more than one
/// page of it, so that the last of ten million events is found as fast as the first.
/// </summary>
internal sealed class ActivitySearch(IDbContextFactory<PortalDbContext> databases)
{
    /// <summary>Events on a page.</summary>
    public const int PageSize = 50;

    /// <summary>Events that <see cref="AllAsync"/> reads at a time.</summary>
    private const int BatchSize = 2000;

    private static readonly string[] Purposes = ["", .. Enum.GetValues<Purpose>().Select(purpose => purpose.Name())];

    /// <summary>The newest page.</summary>
    public Task<ActivityResults> NewestAsync(ActivityFilter filter, CancellationToken cancellationToken) =>
        OlderAsync(filter, null, cancellationToken);

    /// <summary>The page of events that are older than a position.</summary>
    public async Task<ActivityResults> OlderAsync(ActivityFilter filter, ActivityPosition? than, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(filter, than, Direction.Older, PageSize + 1, cancellationToken);
        var events = read.Take(PageSize).ToList();
        return new ActivityResults(events)
        {
            // The page from which the reader came is newer, even if its events were purged in the meantime.
            Newer = than is null ? null : events.Count > 0 ? ActivityPosition.Of(events[0]) : than,
            Older = read.Count > PageSize ? ActivityPosition.Of(events[^1]) : null,
        };
    }

    /// <summary>The page of events that are newer than a position; the newest page if there are too few of them.</summary>
    public async Task<ActivityResults> NewerAsync(ActivityFilter filter, ActivityPosition than, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(filter, than, Direction.Newer, PageSize + 1, cancellationToken);
        if (read.Count <= PageSize)
        {
            return await NewestAsync(filter, cancellationToken);
        }

        var events = read.Take(PageSize).Reverse().ToList();
        return new ActivityResults(events) { Newer = ActivityPosition.Of(events[0]), Older = ActivityPosition.Of(events[^1]) };
    }

    /// <summary>
    /// All events, newest first, some thousand at a time. No transaction stays open between two batches, so that a slow reader holds up
    /// nobody. Events that happen in the meantime are not included.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ActivityEvent>> AllAsync(
        ActivityFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ActivityPosition? before = null;
        while (true)
        {
            var batch = await ReadAsync(filter, before, Direction.Older, BatchSize, cancellationToken);
            if (batch.Count > 0)
            {
                yield return batch;
                before = ActivityPosition.Of(batch[^1]);
            }

            if (batch.Count < BatchSize)
            {
                yield break;
            }
        }
    }

    /// <summary>The statement that finds events.</summary>
    /// <param name="filter">The events to find.</param>
    /// <param name="than">The position to continue from; null for the end of the log.</param>
    /// <param name="direction">The order in which to read.</param>
    /// <param name="most">The maximum number of events.</param>
    /// <param name="values">Collects the parameters of the statement.</param>
    internal static string Sql(ActivityFilter filter, ActivityPosition? than, Direction direction, int most, List<object> values)
    {
        var (sign, order) = direction == Direction.Older ? ("<", "ORDER BY At DESC, Id DESC") : (">", "ORDER BY At, Id");
        List<string> span = [];
        if (filter.From is { } from)
        {
            span.Add($"At >= {Value(from.ToUnixTimeMilliseconds())}");
        }

        if (filter.To is { } to)
        {
            span.Add($"At < {Value(to.ToUnixTimeMilliseconds())}");
        }

        if (than is { } place)
        {
            span.Add($"(At, Id) {sign} ({Value(place.At)}, {Value(place.Id)})");
        }

        // Each slice is a stretch of one index in the order of time. Of each no more is read than the page has room for.
        var slices = Slices(filter, Value).Select(slice => ActivitySql.Slice([.. slice, .. span, "1 = 1"], order, most));
        return ActivitySql.Page(slices, order, most);

        string Value(object value)
        {
            values.Add(value);
            return $"{{{values.Count - 1}}}";
        }
    }

    private static IEnumerable<string[]> Slices(ActivityFilter filter, Func<object, string> value)
    {
        if (filter.Addresses.Count > 0)
        {
            // The addition and the concatenation keep SQLite from using the index of kinds, in which a person's events are few among many.
            List<string> rest = [];
            if (filter.Kind is { } kind)
            {
                rest.Add($"Kind + 0 = {value((int)kind)}");
            }

            if (filter.Purpose is { } purpose)
            {
                rest.Add($"Purpose || '' = {value(purpose)}");
            }

            return filter.Addresses.Distinct(StringComparer.Ordinal).Select(address => (string[])[$"Address = {value(address)}", .. rest]);
        }

        if (filter.Kind is null && filter.Purpose is null)
        {
            return [[]];
        }

        return
            from kind in filter.Kind is { } one ? [one] : Enum.GetValues<ActivityEventKind>()
            from purpose in filter.Purpose is { } name ? [name] : Purposes
            select (string[])[$"Kind = {value((int)kind)}", $"Purpose = {value(purpose)}"];
    }

    private async Task<List<ActivityEvent>> ReadAsync(
        ActivityFilter filter, ActivityPosition? than, Direction direction, int most, CancellationToken cancellationToken)
    {
        List<object> values = [];
        var sql = Sql(filter, than, direction, most, values);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Activity.FromSqlRaw(sql, [.. values]).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>The order in which events are read.</summary>
    internal enum Direction
    {
        Older,
        Newer,
    }
}

/// <summary>A page of the activity log.</summary>
/// <param name="Events">Newest first.</param>
internal sealed record ActivityResults(IReadOnlyList<ActivityEvent> Events)
{
    /// <summary>The end of the page of newer events; null if there is none.</summary>
    public ActivityPosition? Newer { get; init; }

    /// <summary>The beginning of the page of older events; null if there is none.</summary>
    public ActivityPosition? Older { get; init; }
}
