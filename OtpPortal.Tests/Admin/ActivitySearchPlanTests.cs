using System.Data;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>How the database finds what an activity search asks for.</summary>
public sealed class ActivitySearchPlanTests : IAsyncDisposable
{
    private readonly PortalHost portal = new();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task No_activity_filter_reads_the_whole_table_or_sorts_more_than_a_page()
    {
        await portal.StartAsync();
        var random = new SeededRandom(6);
        var place = new ActivityPosition(RandomActivity.Start.ToUnixTimeMilliseconds(), 7);
        for (var i = 0; i < 200; i++)
        {
            var filter = RandomActivity.Filter(random);
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
