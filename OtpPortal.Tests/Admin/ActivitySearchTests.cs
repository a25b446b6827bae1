using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The activity log, looked through by what is asked for and page by page.</summary>
public sealed class ActivitySearchTests : IAsyncDisposable
{
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
            var filter = RandomActivity.Filter(random);
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

        await RecordAsync(RandomActivity.Start.AddDays(400), ActivityEventKind.Sent, "login", "late@example.com");
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
            await RecordAsync(RandomActivity.Start, ActivityEventKind.Sent, "login", "ann@example.com");
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
                    await db.RecordAsync(RandomActivity.Event(random));
                }
            },
            Cancel);
        return await portal.ReadAsync(db => db.Activity.AsNoTracking().ToListAsync(Cancel));
    }

    private Task RecordAsync(DateTimeOffset at, ActivityEventKind kind, string purpose, string address) =>
        portal.Lane.RunAsync(db => db.RecordAsync(new() { At = at, Kind = kind, Purpose = purpose, Address = address }), Cancel);
}
