using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The activity log, looked through by what is asked for and page by page.</summary>
public sealed class ActivitySearchTests : IAsyncDisposable
{
    private static readonly ActivityEventKind[] Kinds = [ActivityEventKind.Sent, ActivityEventKind.HandedOver, ActivityEventKind.WrongCode,
        ActivityEventKind.SignedIn, ActivityEventKind.Purged];
    private static readonly string[] Purposes = ["register", "login", ""];
    private static readonly string[] People = ["ann@example.com", "ben@example.com", "+447700900123", ""];
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PortalHost portal = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ActivitySearch Search => portal.Services.GetRequiredService<ActivitySearch>();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_activity_filter_finds_in_a_random_history_what_a_look_at_each_event_finds(int seed)
    {
        var random = new SeededRandom(seed);
        var all = await HappenAsync(random, 600);
        for (var i = 0; i < 40; i++)
        {
            var filter = Some(random);
            var expected = Expected(all, filter);

            Assert.Equal(expected, await DownwardsAsync(filter));
            Assert.Equal(expected, await UpwardsAsync(filter, expected));
            Assert.Equal(expected, await EverythingAsync(filter));
        }
    }

    [Fact]
    public async Task New_events_do_not_move_the_pages_of_an_activity_search()
    {
        var all = await HappenAsync(new SeededRandom(4), 120);
        var first = await Search.NewestAsync(new ActivityFilter(), Cancel);

        await RecordAsync(Start.AddDays(400), ActivityEventKind.Sent, "login", "late@example.com");
        var second = await Search.OlderAsync(new ActivityFilter(), first.Older, Cancel);
        var back = await Search.NewerAsync(new ActivityFilter(), second.Newer!.Value, Cancel);

        Assert.Equal(Expected(all, new ActivityFilter()).Skip(50).Take(50), Ids(second));
        Assert.Equal(Ids(first), Ids(back));
        Assert.NotNull(back.Newer);
    }

    [Fact]
    public async Task Events_of_one_millisecond_are_neither_lost_nor_repeated_at_the_end_of_a_page()
    {
        for (var i = 0; i < 130; i++)
        {
            await RecordAsync(Start, ActivityEventKind.Sent, "login", "ann@example.com");
        }

        Assert.Equal(Enumerable.Range(1, 130).Reverse().Select(id => (long)id), await DownwardsAsync(new ActivityFilter()));
        Assert.Equal(Enumerable.Range(1, 130).Reverse().Select(id => (long)id),
            await DownwardsAsync(new ActivityFilter { Kind = ActivityEventKind.Sent }));
    }

    [Fact]
    public async Task A_page_of_the_activity_log_whose_events_were_purged_leads_back()
    {
        await HappenAsync(new SeededRandom(5), 60);
        var first = await Search.NewestAsync(new ActivityFilter(), Cancel);
        await portal.Lane.RunAsync(db => db.Activity.ExecuteDeleteAsync(), Cancel);

        var second = await Search.OlderAsync(new ActivityFilter(), first.Older, Cancel);

        Assert.Empty(second.Events);
        Assert.Null(second.Older);
        Assert.Equal(first.Older, second.Newer);
    }

    [Fact]
    public async Task An_empty_activity_log_has_one_empty_page()
    {
        var page = await Search.NewestAsync(new ActivityFilter(), Cancel);

        Assert.Empty(page.Events);
        Assert.Null(page.Newer);
        Assert.Null(page.Older);
        Assert.Empty(await EverythingAsync(new ActivityFilter()));
    }

    [Fact]
    public async Task No_activity_filter_reads_the_whole_table_or_sorts_more_than_a_page()
    {
        await portal.StartAsync();
        var random = new SeededRandom(6);
        var place = new ActivityPosition(Start.ToUnixTimeMilliseconds(), 7);
        for (var i = 0; i < 200; i++)
        {
            var filter = Some(random);
            List<object> values = [];
            var sql = ActivitySearch.Sql(filter, random.Next(2) == 0 ? null : place,
                random.Of([ActivitySearch.Direction.Older, ActivitySearch.Direction.Newer]), 51, values);

            var plan = await PlanAsync(sql, values);

            // Each slice is found by an index. Where nothing is asked for, the index of time is read from its end; what is looked up by its
            // Id, are the events of the page.
            var slices = plan.Where(step => step.Contains(" Activity ", StringComparison.Ordinal)
                && !step.Contains("INTEGER PRIMARY KEY", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(slices);
            Assert.All(slices, step => Assert.Matches(Means(filter), step));

            // Two short lists are put in order: the slices together, and the page.
            Assert.InRange(plan.Count(step => step.Contains("USE TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal)), 0, 2);
        }
    }

    /// <summary>The step of the plan that reads a slice of a filter.</summary>
    private static string Means(ActivityFilter filter) => filter switch
    {
        { Addresses.Count: > 0 } => "SEARCH Activity USING (COVERING )?INDEX IX_Activity_Address_At \\(Address=\\?",
        { Kind: not null } or { Purpose: not null } =>
            "SEARCH Activity USING COVERING INDEX IX_Activity_Kind_Purpose_At \\(Kind=\\? AND Purpose=\\?",
        _ => "(SEARCH|SCAN) Activity USING COVERING INDEX IX_Activity_At",
    };

    private static ActivityFilter Some(SeededRandom random)
    {
        var from = Start.AddMinutes(random.Next(600));
        return new ActivityFilter
        {
            Kind = random.Next(2) == 0 ? null : random.Of(Kinds),
            Purpose = random.Next(2) == 0 ? null : random.Of(Purposes),
            Addresses = random.Next(3) switch { 0 => [], 1 => [random.Of(People)], _ => [random.Of(People), random.Of(People)] },
            From = random.Next(2) == 0 ? null : from,
            To = random.Next(2) == 0 ? null : from.AddMinutes(random.Next(600)),
        };
    }

    private static List<long> Expected(IEnumerable<ActivityEvent> all, ActivityFilter filter) => [.. all
        .Where(one => filter.Kind is null || one.Kind == filter.Kind)
        .Where(one => filter.Purpose is null || one.Purpose == filter.Purpose)
        .Where(one => filter.Addresses.Count == 0 || filter.Addresses.Contains(one.Address))
        .Where(one => filter.From is null || one.At >= filter.From)
        .Where(one => filter.To is null || one.At < filter.To)
        .OrderByDescending(one => one.At).ThenByDescending(one => one.Id)
        .Select(one => one.Id)];

    private static IEnumerable<long> Ids(ActivityResults page) => page.Events.Select(one => one.Id);

    private async Task<List<long>> DownwardsAsync(ActivityFilter filter)
    {
        var ids = new List<long>();
        ActivityPosition? before = null;
        do
        {
            var page = await Search.OlderAsync(filter, before, Cancel);
            Assert.InRange(page.Events.Count, before is null ? 0 : 1, ActivitySearch.PageSize);
            ids.AddRange(Ids(page));
            before = page.Older;
        }
        while (before is not null);

        return ids;
    }

    /// <summary>From the last page back to the first, whose beginning may be told twice because it is filled up.</summary>
    private async Task<List<long>> UpwardsAsync(ActivityFilter filter, List<long> expected)
    {
        var page = await Search.NewestAsync(filter, Cancel);
        while (page.Older is { } older)
        {
            page = await Search.OlderAsync(filter, older, Cancel);
        }

        var ids = new List<long>(Ids(page));
        while (page.Newer is { } newer)
        {
            page = await Search.NewerAsync(filter, newer, Cancel);
            ids.InsertRange(0, Ids(page));
        }

        Assert.Equal(expected.Take(ActivitySearch.PageSize), Ids(page));
        return [.. ids.Distinct()];
    }

    private async Task<List<long>> EverythingAsync(ActivityFilter filter)
    {
        var ids = new List<long>();
        await foreach (var batch in Search.AllAsync(filter, Cancel))
        {
            ids.AddRange(batch.Select(one => one.Id));
        }

        return ids;
    }

    private async Task<List<ActivityEvent>> HappenAsync(SeededRandom random, int events)
    {
        await portal.Lane.RunAsync(
            async db =>
            {
                for (var i = 0; i < events; i++)
                {
                    // Not in the order of time, and often at the same.
                    await db.RecordAsync(new()
                    {
                        At = Start.AddMinutes(random.Next(900)), Kind = random.Of(Kinds), Purpose = random.Of(Purposes),
                            Address = random.Of(People),
                    });
                }
            },
            Cancel);
        return await portal.ReadAsync(db => db.Activity.AsNoTracking().ToListAsync(Cancel));
    }

    private Task RecordAsync(DateTimeOffset at, ActivityEventKind kind, string purpose, string address) =>
        portal.Lane.RunAsync(db => db.RecordAsync(new() { At = at, Kind = kind, Purpose = purpose, Address = address }), Cancel);

    // Older versions of SQLite say "SEARCH TABLE Activity".
    private Task<List<string>> PlanAsync(string sql, List<object> values)
    {
        var named = Enumerable.Range(0, values.Count).Reverse()
            .Aggregate(sql, (text, i) => text.Replace($"{{{i}}}", $"@p{i}", StringComparison.Ordinal));
        return portal.ReadAsync(db => db.QueryAsync(
            "EXPLAIN QUERY PLAN " + named, row => row.GetString("detail").Replace(" TABLE ", " ", StringComparison.Ordinal),
                [.. values.Select((value, i) => ($"p{i}", value))]));
    }
}
