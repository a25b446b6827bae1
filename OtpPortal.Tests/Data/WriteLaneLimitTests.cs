using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>
/// The write lane with more to do than it can do, and with a database that is away: callers are refused in time, and served again
/// afterwards.
/// </summary>
public sealed class WriteLaneLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly PortalHost portal = new();
    private TaskCompletionSource held = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestClock Clock => portal.Clock!;

    public ValueTask InitializeAsync() => portal.StartAsync();

    public ValueTask DisposeAsync()
    {
        held.TrySetResult();
        return portal.DisposeAsync();
    }

    [Fact]
    public async Task The_write_lane_refuses_new_work_at_once_while_its_backlog_is_longer_than_a_second()
    {
        await HoldAsync();
        var first = portal.Lane.RunAsync(db => AddAsync(db, "first"), Cancel);
        Clock.Advance(LaneQueue.MaxBacklog);
        var second = portal.Lane.RunAsync(db => AddAsync(db, "second"), Cancel);
        Clock.Advance(Tick);

        var refused = await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => portal.Lane.RunAsync(db => AddAsync(db, "refused"), Cancel));
        var urgent = portal.Lane.RunUrgentAsync(db => AddAsync(db, "urgent"));
        held.SetResult();

        await Task.WhenAll(first, second, urgent);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        await portal.Lane.RunAsync(db => AddAsync(db, "afterwards"), Cancel);
        Assert.Equal(["afterwards", "first", "second", "urgent"], await WrittenAsync());
    }

    [Fact]
    public async Task Urgent_work_goes_first_in_the_write_lane()
    {
        await HoldAsync();
        var order = new List<string>();
        var usual = portal.Lane.RunAsync(_ => RecordAsync("usual"), Cancel);
        var urgent = portal.Lane.RunUrgentAsync(_ => RecordAsync("urgent"));
        held.SetResult();

        await Task.WhenAll(usual, urgent);
        Assert.Equal(["urgent", "usual"], order);

        Task RecordAsync(string what)
        {
            order.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_write_lane_queues_a_bounded_number_of_callers()
    {
        await HoldAsync();
        var done = 0;
        var waiting = Enumerable.Range(0, LaneQueue.MaxWaiting)
            .Select(_ => portal.Lane.RunAsync(_ => Task.FromResult(Interlocked.Increment(ref done)), Cancel)).ToList();

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => portal.Lane.RunAsync(_ => Task.FromResult(0), Cancel));
        held.SetResult();

        await Task.WhenAll(waiting);
        Assert.Equal(LaneQueue.MaxWaiting, done);
    }

    [Fact]
    public async Task Work_of_the_write_lane_that_has_not_begun_in_time_is_withdrawn_and_never_done()
    {
        await HoldAsync();
        var waiting = portal.Lane.RunAsync(db => AddAsync(db, "withdrawn"), Cancel);
        Clock.Advance(WriteLane.LongestWait - Tick);
        Assert.False(waiting.IsCompleted);
        Clock.Advance(Tick);

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => waiting);
        held.SetResult();
        await portal.Lane.RunUrgentAsync(db => AddAsync(db, "afterwards"));
        Assert.Equal(["afterwards"], await WrittenAsync());
    }

    [Fact]
    public async Task Work_withdrawn_from_the_write_lane_is_no_backlog_for_later_callers()
    {
        await HoldAsync();
        var waiting = portal.Lane.RunAsync(db => AddAsync(db, "withdrawn"), Cancel);
        Clock.Advance(WriteLane.LongestWait);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => waiting);

        var later = portal.Lane.RunAsync(db => AddAsync(db, "later"), Cancel);
        held.SetResult();
        await later;
        Assert.Equal(["later"], await WrittenAsync());
    }

    [Fact]
    public async Task Work_of_the_write_lane_that_has_begun_lets_its_caller_go_in_time_and_is_finished()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = portal.Lane.RunAsync(
            async db =>
            {
                await AddAsync(db, "slow");
                begun.SetResult();
                await held.Task;
            },
            Cancel);
        await begun.Task.WaitAsync(Cancel);
        Clock.Advance(WriteLane.LongestAnswer);

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => slow);
        Assert.Empty(await WrittenAsync());
        held.SetResult();
        await portal.Lane.RunUrgentAsync(_ => Task.CompletedTask);
        Assert.Equal(["slow"], await WrittenAsync());
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_wait_for_a_blocked_write_lane()
    {
        using var gone = new CancellationTokenSource();
        await HoldAsync();
        var waiting = portal.Lane.RunAsync(db => AddAsync(db, "gone"), gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.SetResult();
        await portal.Lane.RunUrgentAsync(_ => Task.CompletedTask);
        Assert.Empty(await WrittenAsync());
    }

    [Fact]
    public async Task Callers_of_the_write_lane_are_refused_within_five_seconds_while_the_file_is_locked()
    {
        var other = await FileLock.TakeAsync(portal.DatabasePath);
        var watch = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 200).Select(i => portal.Lane.RunAsync(db => AddAsync(db, $"locked{i}"), Cancel)).ToList();

        foreach (var one in waiting)
        {
            var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => one);
            Assert.IsType<SqliteException>(failure.InnerException);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await other.DisposeAsync();
        await portal.Lane.RunAsync(db => AddAsync(db, "afterwards"), Cancel);
        Assert.Equal(["afterwards"], await WrittenAsync());
    }

    [Fact]
    public async Task A_lock_of_two_seconds_on_the_file_fails_no_work_of_the_write_lane()
    {
        var other = await FileLock.TakeAsync(portal.DatabasePath);
        var waiting = Enumerable.Range(0, 10).Select(i => portal.Lane.RunAsync(db => AddAsync(db, $"waited{i}"), Cancel)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        await other.DisposeAsync();

        await Task.WhenAll(waiting);
        Assert.Equal(10, (await WrittenAsync()).Count);
    }

    [Fact]
    public async Task A_full_database_refuses_all_work_of_a_commit_and_later_work_is_written_once_there_is_room()
    {
        // The limit is one of the lane's own connection: it lasts until that is opened anew, which a full database brings about.
        await portal.Lane.RunAsync(db => db.QueryAsync("PRAGMA max_page_count=1", row => row.GetInt64(0)), Cancel);
        await HoldAsync();
        var before = portal.Lane.RunAsync(db => AddAsync(db, "before"), Cancel);
        var large = portal.Lane.RunAsync(db => AddAsync(db, new string('a', 1_000_000)), Cancel);
        var after = portal.Lane.RunAsync(db => AddAsync(db, "after"), Cancel);
        held.SetResult();

        foreach (var refused in new[] { before, large })
        {
            var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => refused);
            Assert.Contains("database or disk is full", failure.Message, StringComparison.Ordinal);
        }

        await after;
        Assert.Equal(["after"], await WrittenAsync());
    }

    [Fact]
    public async Task The_write_lane_does_not_make_a_missing_file_anew()
    {
        var file = portal.Services.GetRequiredService<DatabaseFile>();
        await using var lane = new WriteLane(file, Clock);
        File.Move(portal.DatabasePath, portal.DatabasePath + ".gone");

        var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => lane.RunAsync(db => AddAsync(db, "gone"), Cancel));

        Assert.Contains("unable to open database file", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(portal.DatabasePath));
        File.Move(portal.DatabasePath + ".gone", portal.DatabasePath);
        await lane.RunAsync(db => AddAsync(db, "back"), Cancel);
        Assert.Equal(["back"], await WrittenAsync());
    }

    private async Task HoldAsync()
    {
        held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = portal.Lane.RunUrgentAsync(_ =>
        {
            begun.SetResult();
            return held.Task;
        });
        await begun.Task.WaitAsync(Cancel);
    }

    private static async Task AddAsync(PortalDbContext db, string email)
    {
        db.PasswordFailures.Add(new PasswordFailures { Email = email, Failures = 1 });
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private Task<List<string>> WrittenAsync() =>
        portal.ReadAsync(db => db.PasswordFailures.Select(row => row.Email).Order().ToListAsync(Cancel));
}
