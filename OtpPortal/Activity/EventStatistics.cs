using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// Computes the statistics from the totals and from the events that are not in them yet: exact at every moment, and as fast with millions
/// of events as with a few.
/// </summary>
internal static class EventStatistics
{
    /// <summary>Counts what happened in a range that ends now.</summary>
    /// <param name="db">A snapshot of the database, so that all figures agree with each other.</param>
    public static async Task<EventFigures> ReadAsync(PortalDbContext db, StatisticsRange range, DateTimeOffset from)
    {
        var events = await EventsAsync(db, range, from);
        return new EventFigures(
            Sum(events, _ => true),
            [.. Enum.GetValues<Purpose>().Select(purpose =>
                new FiguresOfPurpose(purpose.Name(), Sum(events, row => row.Purpose == purpose.Name())))],
            BarsOf(events, range, from),
            await DomainsAsync(db, range, from));
    }

    private static async Task<List<EventCount>> EventsAsync(PortalDbContext db, StatisticsRange range, DateTimeOffset from) =>
        await db.QueryAsync(
        ActivityTotalsSql.Events,
        row => new EventCount((int)row.GetInt64(0), (ActivityEventKind)row.GetInt32(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4)),
        ("span", range.Span),
        ("bar", range.BarSeconds),
        ("from", from.ToUnixTimeSeconds()),
        ("to", End(range, from)));

    private static long End(StatisticsRange range, DateTimeOffset from) => from.ToUnixTimeSeconds() + ((long)range.Bars * range.BarSeconds);

    private static Figures Sum(IEnumerable<EventCount> events, Func<EventCount, bool> which)
    {
        var tally = new Tally();
        foreach (var row in events.Where(which))
        {
            tally.Add(row.Kind, row.Bucket, row.Count);
        }

        return tally.ToFigures();
    }

    private static List<FiguresOfBar> BarsOf(List<EventCount> events, StatisticsRange range, DateTimeOffset from)
    {
        var byBar = events.ToLookup(row => row.Bar);
        return [.. Enumerable.Range(0, range.Bars).Select(bar => new FiguresOfBar(
            from.AddSeconds((double)bar * range.BarSeconds), from.AddSeconds((bar + 1.0) * range.BarSeconds), Sum(byBar[bar], _ => true)))];
    }

    private static async Task<IReadOnlyList<FiguresOfDomain>> DomainsAsync(PortalDbContext db, StatisticsRange range, DateTimeOffset from)
    {
        (string, object)[] when = [("span", range.Span), ("from", from.ToUnixTimeSeconds()), ("to", End(range, from))];
        if (range.Span == StatisticsRange.Minute)
        {
            return Describe(await DomainsAsync(db, ActivitySql.Domains, when));
        }

        var largest = await db.QueryAsync(ActivityTotalsSql.LargestDomains, row => row.GetString(0), when);
        return largest.Count == 0
            ? []
            : Describe(await DomainsAsync(
                db, ActivityTotalsSql.Domains(range, from, largest.Count),
                    [.. when, .. largest.Select((domain, i) => ($"domain{i}", (object)domain))]));
    }

    private static Task<List<DomainCount>> DomainsAsync(PortalDbContext db, string sql, (string, object)[] parameters) => db.QueryAsync(
        sql, row => new DomainCount(row.GetString(0), (ActivityEventKind)row.GetInt32(1), row.GetInt32(2), row.GetInt64(3)), parameters);

    private static List<FiguresOfDomain> Describe(List<DomainCount> counted)
    {
        var tallies = new Dictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var row in counted)
        {
            if (!tallies.TryGetValue(row.Domain, out var tally))
            {
                tallies[row.Domain] = tally = new Tally();
            }

            tally.Add(row.Kind, row.Bucket, row.Count);
        }

        return [.. tallies
            .Select(domain => new FiguresOfDomain(
                domain.Key,
                domain.Value.Of(ActivityEventKind.Sent),
                domain.Value.Of(ActivityEventKind.HandedOver),
                domain.Value.Of(ActivityEventKind.DeliveryFailed),
                domain.Value.Of(ActivityEventKind.Verified),
                domain.Value.Percentile(ActivityEventKind.Verified, 50)))
            .Where(domain => domain.Sent > 0)
            .OrderByDescending(domain => domain.Sent).ThenBy(domain => domain.Domain, StringComparer.Ordinal)
            .Take(ActivityTotalsSql.DomainsShown)];
    }

    private sealed record DomainCount(string Domain, ActivityEventKind Kind, int Bucket, long Count);

    private sealed record EventCount(int Bar, ActivityEventKind Kind, string Purpose, int Bucket, long Count);
}

/// <summary>What happened in a range.</summary>
internal sealed record EventFigures(
    Figures Total, IReadOnlyList<FiguresOfPurpose> ByPurpose, IReadOnlyList<FiguresOfBar> Bars, IReadOnlyList<FiguresOfDomain> Domains);
