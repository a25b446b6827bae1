using Microsoft.Data.Sqlite;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>The names, tags and units of the metrics, and the gauges of the queue.</summary>
public sealed class MetricInstrumentsTests : MetricsTest
{
    [Fact]
    public async Task The_tags_of_the_metrics_name_nobody_and_have_few_values()
    {
        await portal.SendAsync("ann@example.com");
        await portal.VerifyAsync("ann@example.com", "not a code at all");
        await portal.VerifyAsync("ann@example.com", PortalHost.Not(await portal.CodeForAsync("ann@example.com")));

        Assert.NotEmpty(metrics.All);
        Assert.All(metrics.All.SelectMany(one => one.Tags), tag => Assert.Matches("^[a-z_ ]+$", tag.Value));
        Assert.All(metrics.Instruments.Values, instrument =>
        {
            Assert.Matches(@"^otpportal(\.[a-z_]+)+$", instrument.Name);
            Assert.Matches(@"^(s|\{[a-z_]+\})$", instrument.Unit);
            Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_times_of_the_metrics_are_in_seconds()
    {
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync("ann@example.com"));
        portal.Wait(TimeSpan.FromSeconds(2.5));
        var code = await portal.CodeForAsync("ann@example.com");
        portal.Wait(TimeSpan.FromSeconds(30));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync("ann@example.com", code));

        Assert.Equal(2.5, Assert.Single(metrics.Sums("otpportal.delivery.duration")).Value);
        Assert.Equal(32.5, Assert.Single(metrics.Sums("otpportal.otp.entry.duration")).Value);
    }

    [Fact]
    public async Task The_queue_length_is_read_again_after_five_seconds_and_not_before()
    {
        Assert.Equal(0, metrics.Gauge("otpportal.outbox.messages"));
        Assert.Equal(0, metrics.Gauge("otpportal.outbox.oldest.age"));
        await portal.TrySendAsync("ann@example.com");
        await portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored("nobody@example.com"), Purpose.Login, OtpSteps.Browser) { Message = MessageKind.Decoy },
                Cancel);
        Assert.Equal(0, metrics.Gauge("otpportal.outbox.messages"));
        portal.Wait(TimeSpan.FromSeconds(4.999));
        Assert.Equal(0, metrics.Gauge("otpportal.outbox.messages"));

        portal.Wait(TimeSpan.FromSeconds(0.001));
        Assert.Equal(1, metrics.Gauge("otpportal.outbox.messages"));
        Assert.Equal(5, metrics.Gauge("otpportal.outbox.oldest.age"));
        portal.Wait(TimeSpan.FromSeconds(3));
        Assert.Equal(8, metrics.Gauge("otpportal.outbox.oldest.age"));
        await portal.DeliverAsync();
        portal.Wait(TimeSpan.FromSeconds(2));
        Assert.Equal(0, metrics.Gauge("otpportal.outbox.messages"));
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_is_not_measured_and_harms_nobody()
    {
        await using (var other = new SqliteConnection($"Data Source={portal.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Cancel);
            await using var command = other.CreateCommand();
            command.CommandText = "ALTER TABLE Outbox RENAME TO Elsewhere";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        Assert.Null(metrics.Gauge("otpportal.outbox.messages"));
    }
}
