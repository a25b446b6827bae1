using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The quick figures are those of a plain recount, on whatever history.</summary>
public sealed class StatisticsTests : IAsyncDisposable
{
    private static readonly ActivityEventKind[] Kinds = Enum.GetValues<ActivityEventKind>();
    private static readonly string[] Purposes = ["register", "login", "forgot_password", ""];
    private static readonly string[] Channels = ["", "email", "email", "sms"];
    private static readonly TimeSpan[] Ages = [
        TimeSpan.FromMinutes(20), TimeSpan.FromHours(2), TimeSpan.FromDays(1.2), TimeSpan.FromDays(8), TimeSpan.FromDays(40)];

    private readonly PortalHost portal = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_statistics_of_a_random_history_are_those_of_the_reference(int seed)
    {
        var random = new SeededRandom(seed);
        portal.Wait(TimeSpan.FromMilliseconds(random.Next(86_400_000)));
        for (var round = 0; round < 3; round++)
        {
            await HappenAsync(random, 700);

            // Some is counted into the totals, the rest is not yet.
            await CountAsync();
            await HappenAsync(random, 300);
            portal.Wait(TimeSpan.FromMilliseconds(random.Next(10_000_000)));
            await AssertEqualAsync();
        }
    }

    [Fact]
    public async Task A_repeated_rollup_counts_nothing_twice()
    {
        await HappenAsync(new SeededRandom(4), 100);

        Assert.Equal(100, await CountAsync());
        Assert.Equal(0, await CountAsync());

        await AssertEqualAsync();
    }

    [Fact]
    public async Task Concurrent_rollups_count_nothing_twice()
    {
        await HappenAsync(new SeededRandom(5), ActivityRollup.Batch * 2);

        var counted = await ParallelCalls.RunAsync(4, _ => CountAsync());

        Assert.Equal(ActivityRollup.Batch * 2, counted.Sum());
        await AssertEqualAsync();
    }

    [Fact]
    public async Task Statistics_without_events_are_zeros_without_percentages()
    {
        var statistics = await ReadAsync(StatisticsRange.Default);

        Assert.Equal(new Figures(), statistics.Total);
        Assert.Null(statistics.Total.VerifiedPercent);
        Assert.Equal(24, statistics.Bars.Count);
        Assert.Empty(statistics.Domains);
        Assert.Empty(statistics.Alerts);
        Assert.Equal(new QueueFigures(0, null), statistics.Queue);
        Assert.All(statistics.Codes, codes => Assert.Equal((0, 0), (codes.Active, codes.Expired)));
    }

    [Fact]
    public async Task The_statistics_follow_a_code_from_its_sending_to_its_entry()
    {
        const string email = "ann@example.com";
        var code = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromSeconds(20));
        await portal.VerifyAsync(email, PortalHost.Not(code));
        await portal.VerifyAsync(email, code);

        var statistics = await ReadAsync(StatisticsRange.Default);

        Assert.Equal(
            (1, 1, 1, 1), (statistics.Total.Sent, statistics.Total.Delivered, statistics.Total.WrongCodes, statistics.Total.Verified));
        Assert.Equal((100.0, 100.0), (statistics.Total.DeliveredPercent, statistics.Total.VerifiedPercent));
        Assert.InRange(statistics.Total.VerifyMedianMs!.Value, 20_000, 20_000 * 1.125);
        Assert.Equal("example.com", Assert.Single(statistics.Domains).Domain);
        Assert.Equal((0, 1), (statistics.ActiveCodes, statistics.ExpiredCodes));
    }

    private async Task AssertEqualAsync()
    {
        var events = await portal.ReadAsync(db => db.Activity.AsNoTracking().ToListAsync(Cancel));
        foreach (var range in StatisticsRange.All)
        {
            var statistics = await ReadAsync(range);
            var mine = events.Where(one => one.At >= statistics.From && one.At < statistics.Bars[^1].To).ToList();
            Assert.Equal(ReferenceStatistics.Of(mine), statistics.Total);
            Assert.Equal(ReferenceStatistics.Domains(mine), statistics.Domains);
            Assert.All(statistics.ByPurpose,
                part => Assert.Equal(ReferenceStatistics.Of(mine.Where(one => one.Purpose == part.Purpose)), part.Figures));
            Assert.Equal(range.Bars, statistics.Bars.Count);
            Assert.All(statistics.Bars,
                bar => Assert.Equal(ReferenceStatistics.Of(mine.Where(one => one.At >= bar.From && one.At < bar.To)), bar.Figures));
            Assert.InRange(portal.Clock!.GetUtcNow(), statistics.Bars[^1].From, statistics.Bars[^1].To);
        }
    }

    private Task<OtpStatistics> ReadAsync(StatisticsRange range) =>
        portal.Services.GetRequiredService<Statistics>().ReadAsync(range, Cancel);

    private Task<int> CountAsync() => portal.Services.GetRequiredService<ActivityRollup>().RunAsync(Cancel);

    private Task HappenAsync(SeededRandom random, int events) => portal.Lane.RunAsync(
        async db =>
        {
            for (var i = 0; i < events; i++)
            {
                var kind = random.Of(Kinds);
                await db.RecordAsync(new()
                {
                    At = portal.Clock!.GetUtcNow() - (random.Of(Ages) * (random.Next(1_000_000) / 1e6)),
                    Kind = kind,
                    Purpose = random.Of(Purposes),
                    Channel = random.Of(Channels),
                    Address = random.Next(10) == 0 ? "+15005550006" : $"person{random.Next(50)}@domain{random.Next(30)}.example",
                    Delay = kind is ActivityEventKind.HandedOver or ActivityEventKind.Verified ? random.Next(1 << random.Next(20)) : null,
                });
            }
        },
        Cancel);
}
