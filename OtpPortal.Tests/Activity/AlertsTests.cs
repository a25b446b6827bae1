using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Activity;

/// <summary>Each alert is raised at its bound, and not one step before it.</summary>
public sealed class AlertsTests : IAsyncLifetime
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(3);
    private static readonly QueueFigures NothingWaits = new(0, null);

    private readonly PortalHost portal = new();

    public ValueTask InitializeAsync() => portal.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory]
    [InlineData(60, 0)]
    [InlineData(61, 1)]
    public async Task A_message_that_waits_for_more_than_a_minute_raises_an_alert(int seconds, int alerts)
    {
        var raised = await AlertsAsync(new QueueFigures(3, seconds));

        Assert.Equal(alerts, raised.Count(alert => alert.StartsWith("Messages are not being delivered: 3", StringComparison.Ordinal)));
        Assert.Equal(alerts, raised.Count);
    }

    [Theory]
    [InlineData(1, 9, 0)]
    [InlineData(2, 8, 1)]
    [InlineData(2, 18, 0)]
    [InlineData(3, 17, 1)]
    [InlineData(9, 0, 0)]
    public async Task More_than_a_tenth_of_failed_deliveries_raises_an_alert_once_there_are_ten(int failed, int delivered, int alerts)
    {
        await RecordAsync(ActivityEventKind.DeliveryFailed, failed, Lately);
        await RecordAsync(ActivityEventKind.HandedOver, delivered, Lately);

        Assert.Equal(alerts, (await AlertsAsync(NothingWaits)).Count);
    }

    [Fact]
    public async Task Failed_deliveries_of_more_than_an_hour_ago_raise_no_alert()
    {
        await RecordAsync(ActivityEventKind.DeliveryFailed, 20, Earlier);

        Assert.Empty(await AlertsAsync(NothingWaits));
    }

    [Theory]
    [InlineData(10, 5, 10, 10, 1)]
    [InlineData(10, 6, 10, 10, 0)]
    [InlineData(9, 0, 10, 10, 0)]
    [InlineData(10, 0, 9, 9, 0)]
    [InlineData(10, 0, 10, 0, 0)]
    public async Task Half_as_many_codes_entered_as_the_day_before_raises_an_alert_once_ten_were_sent_in_each(
        int sentLately, int enteredLately, int sentEarlier, int enteredEarlier, int alerts)
    {
        await RecordAsync(ActivityEventKind.Sent, sentLately, Lately);
        await RecordAsync(ActivityEventKind.Verified, enteredLately, Lately);
        await RecordAsync(ActivityEventKind.Sent, sentEarlier, Earlier);
        await RecordAsync(ActivityEventKind.Verified, enteredEarlier, Earlier);

        Assert.Equal(alerts, (await AlertsAsync(NothingWaits)).Count);
    }

    [Theory]
    [InlineData(4, 8, 1)]
    [InlineData(4, 9, 0)]
    [InlineData(9, 0, 0)]
    [InlineData(10, 0, 1)]
    public async Task A_client_behind_a_third_of_ten_wrong_codes_raises_an_alert(int ofClient, int ofOthers, int alerts)
    {
        await RecordAsync(ActivityEventKind.WrongCode, ofClient, Lately, _ => "203.0.113.7");
        await RecordAsync(ActivityEventKind.WrongCode, ofOthers, Lately, number => FormattableString.Invariant($"198.51.100.{number}"));

        var raised = await AlertsAsync(NothingWaits);

        Assert.Equal(alerts, raised.Count(alert => alert.Contains("203.0.113.7", StringComparison.Ordinal)));
        Assert.Equal(alerts, raised.Count);
    }

    private Task<IReadOnlyList<string>> AlertsAsync(QueueFigures queue) =>
        portal.ReadAsync(db => Alerts.ReadAsync(db, queue, (0, 1000), portal.Clock!.GetUtcNow()));

    private async Task RecordAsync(ActivityEventKind kind, int count, TimeSpan ago, Func<int, string>? clientOf = null)
    {
        for (var number = 0; number < count; number++)
        {
            RequestContext.Current = new RequestContext(clientOf?.Invoke(number) ?? "", "", "");
            await portal.Lane.RunAsync(
                db => db.RecordAsync(new() { At = portal.Clock!.GetUtcNow() - ago, Kind = kind, Purpose = "login" }),
                    CancellationToken.None);
        }
    }
}
