using OtpPortal.Data;

namespace OtpPortal.Tests.Data;

/// <summary>The write lane with more to do than it can do: callers are refused in time, and served again afterwards.</summary>
public sealed class WriteLaneLimitTests : WriteLaneLimitTest
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

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
}
