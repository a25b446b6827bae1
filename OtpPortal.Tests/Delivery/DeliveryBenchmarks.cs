using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>How fast a code is on its way. Measurements, so they stand apart from the tests: see docs/building.md.</summary>
public sealed class DeliveryBenchmarks
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task A_mail_is_accepted_within_fifty_milliseconds_of_its_send()
    {
        var accepted = new ConcurrentQueue<long>();
        await using var server = new SmtpServer
        {
            Certificate = null,
            Accepting = () => { accepted.Enqueue(Clock.GetTimestamp()); return Task.CompletedTask; },
        };
        await using var portal = NewPortal(server);
        await portal.StartAsync();
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var begun = Clock.GetTimestamp();
            await SendAsync(portal, i);
            long end;
            while (!accepted.TryDequeue(out end))
            {
                await Task.Yield();
            }

            times.Add(Clock.GetElapsedTime(begun, end).TotalMilliseconds);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"send to acceptance: median {times[100]:0.0} ms, 95th percentile {times[190]:0.0} ms, slowest {times[^1]:0.0} ms (200 sends)"));
        Assert.True(times[100] < 50);
    }

    [Fact(Explicit = true)]
    public async Task Two_hundred_sends_a_second_for_a_minute_do_not_pile_up_at_a_slow_server()
    {
        await using var server = new SmtpServer { Certificate = null, Accepting = () => Task.Delay(100, Cancel) };
        await using var portal = NewPortal(server);
        await portal.StartAsync();
        var lengths = new List<int>();
        var sent = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var second = 0; second < 60; second++)
        {
            for (var tenth = 0; tenth < 10 && await tick.WaitForNextTickAsync(Cancel); tenth++)
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(portal, sent++)));
            }

            lengths.Add(await portal.ReadAsync(db => db.Outbox.CountAsync(message => message.State == MessageState.Waiting, Cancel)));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{sent} sends; waiting after each second: {string.Join(' ', lengths)}; accepted {server.Accepted.Count}");
        Assert.True(lengths[^1] < 400, "The queue grew.");
        Assert.True(lengths.Skip(30).Max() < 400, "The queue grew.");
    }

    private static PortalHost NewPortal(SmtpServer server) => new PortalHost { Clock = null, Workers = true }
        .With("Email:Smtp:Host", "127.0.0.1")
        .With("Email:Smtp:Port", server.Port.ToString(CultureInfo.InvariantCulture))
        .With("Email:Smtp:Security", "None");

    private static async Task SendAsync(PortalHost portal, int i) => Assert.IsType<SendOutcome.Sent>(
        await portal.TrySendAsync(string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com")));
}
