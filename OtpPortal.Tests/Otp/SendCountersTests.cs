using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>Limits that several identifiers share: never one more, and everything again when the hour and the day are over.</summary>
public sealed class SendCountersTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SendCounters Counters => portal.Services.GetRequiredService<SendCounters>();

    [Fact]
    public async Task The_hour_and_the_day_of_a_send_counter_begin_with_their_first_message()
    {
        var limit = new SendLimit("windows", PerHour: 2, PerDay: 3);
        Assert.Equal((true, true, false), (await TryAsync(limit), await TryAsync(limit), await TryAsync(limit)));
        Assert.Equal(TimeSpan.FromHours(1), await WaitAsync(limit));

        portal.Wait(TimeSpan.FromHours(1) - Millisecond);
        Assert.Equal(Millisecond, await WaitAsync(limit));
        portal.Wait(Millisecond);
        Assert.Null(await WaitAsync(limit));
        Assert.Equal((true, false), (await TryAsync(limit), await TryAsync(limit)));
        Assert.Equal(TimeSpan.FromHours(23), await WaitAsync(limit));

        portal.Wait(TimeSpan.FromHours(23) - Millisecond);
        Assert.False(await TryAsync(limit));
        portal.Wait(Millisecond);
        Assert.True(await TryAsync(limit));
    }

    [Fact]
    public async Task The_longest_wait_of_several_limits_is_returned()
    {
        var (hourly, daily) = (new SendLimit("hourly", 1, 100), new SendLimit("daily", 100, 1));
        await TryAsync(hourly);
        await TryAsync(daily);

        Assert.Equal(TimeSpan.FromHours(24), await portal.Lane.RunAsync(db => Counters.WaitAsync(db, hourly, daily), Cancel));
        Assert.Equal(TimeSpan.FromHours(24), await portal.Lane.RunAsync(db => Counters.WaitAsync(db, daily, hourly), Cancel));
    }

    [Fact]
    public async Task A_send_counter_never_exceeds_its_limit_however_many_ask_at_once()
    {
        var limit = new SendLimit("race", PerHour: 7, PerDay: 7);
        await portal.StartAsync();

        var outcomes = await ParallelCalls.RunAsync(64, _ => TryAsync(limit));

        Assert.Equal(7, outcomes.Count(isWithin => isWithin));
        Assert.Equal(7, await portal.Lane.RunAsync(db => Counters.CountOfDayAsync(db, limit.Key), Cancel));
    }

    [Fact]
    public async Task Parallel_requests_for_codes_send_at_most_ten_to_one_mailbox()
    {
        await portal.StartAsync();

        var outcomes = await ParallelCalls.RunAsync(40, i => portal.TrySendAsync($"race+{i}@example.com"));

        Assert.Equal(Mailbox.PerHour, outcomes.Count(outcome => outcome is SendOutcome.Sent));
        Assert.Equal(10, await portal.ReadAsync(db => db.Outbox.CountAsync(row => row.Email.StartsWith("race+"), Cancel)));
    }

    [Fact]
    public async Task A_failed_unit_of_work_does_not_count_its_send()
    {
        var limit = new SendLimit("undone", 1, 1);
        await Assert.ThrowsAsync<InvalidDataException>(() => portal.Lane.RunAsync(
            async db =>
            {
                await Counters.AddAsync(db, limit.Key);
                throw new InvalidDataException("What the caller wrote besides went wrong.");
            },
            Cancel));

        Assert.True(await TryAsync(limit));
    }

    [Fact]
    public async Task A_counter_of_a_day_that_has_passed_is_purged()
    {
        var purge = portal.Services.GetServices<IPurge>().OfType<SendCounterPurge>().Single();
        await TryAsync(new SendLimit("purged", 1, 1));
        portal.Wait(TimeSpan.FromDays(1) - Millisecond);
        await purge.RunAsync(Cancel);
        Assert.Equal(1, await RowsAsync());

        portal.Wait(Millisecond);
        await purge.RunAsync(Cancel);
        Assert.Equal(0, await RowsAsync());

        Task<int> RowsAsync() => portal.ReadAsync(db => db.SendCounters.CountAsync(row => row.Key == "purged", Cancel));
    }

    private Task<bool> TryAsync(SendLimit limit) => portal.Lane.RunAsync(db => Counters.TryAddAsync(db, limit), Cancel);

    private Task<TimeSpan?> WaitAsync(SendLimit limit) => portal.Lane.RunAsync(db => Counters.WaitAsync(db, limit), Cancel);
}
