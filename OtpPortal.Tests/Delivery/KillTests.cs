using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>The portal's process is killed again and again while it empties a full outbox.</summary>
public sealed class KillTests
{
    private const int Messages = 500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_message_arrives_and_none_twice_but_those_in_flight_when_the_portal_is_killed()
    {
        await using var server = new SmtpServer { Certificate = null, Accepting = () => Task.Delay(20, Cancel) };
        await using var portal = new PortalHost { Clock = null };
        await portal.StartAsync();
        await FillOutboxAsync(portal);

        var inFlight = await KillThreeTimesAsync(portal, server);
        Assert.InRange(inFlight.Count, 1, 3 * 32);
        await DeliverRestAsync(portal, server);

        AssertNoneTwiceBut(inFlight, server);
        Assert.All(await portal.ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(Cancel)), message =>
        {
            Assert.Equal((MessageState.HandedOver, null), (message.State, message.ProtectedCode));
            Assert.True(message.EndedAt < message.ExpiresAt);
        });
    }

    private static async Task FillOutboxAsync(PortalHost portal)
    {
        // A few at a time: all at once are more than the write lane takes within its time on a machine that is busy.
        foreach (var some in Enumerable.Range(0, Messages).Chunk(25))
        {
            await Task.WhenAll(some.Select(i => portal.TrySendAsync($"person{i}@example.com")));
        }
    }

    /// <summary>Kills the process after every hundred messages. Returns whose messages it held when it died.</summary>
    private static async Task<HashSet<string>> KillThreeTimesAsync(PortalHost portal, SmtpServer server)
    {
        var inFlight = new HashSet<string>(StringComparer.Ordinal);
        for (var kill = 1; kill <= 3; kill++)
        {
            using var process = Start(portal, server);
            await UntilAsync(() => Task.FromResult(server.Accepted.Count >= kill * 100));
            process.Kill();
            await process.WaitForExitAsync(Cancel);

            // What the dead process held: the server may have it already, and nobody can know.
            inFlight.UnionWith(await portal.ReadAsync(db => db.Outbox
                .Where(message => message.State == MessageState.Waiting && message.LeasedUntil != null)
                .Select(message => message.Email).ToListAsync(Cancel)));
        }

        return inFlight;
    }

    private static async Task DeliverRestAsync(PortalHost portal, SmtpServer server)
    {
        using var last = Start(portal, server);
        await UntilAsync(
            () => portal.ReadAsync(async db => !await db.Outbox.AnyAsync(message => message.State == MessageState.Waiting, Cancel)));
        last.Kill();
        await last.WaitForExitAsync(Cancel);
    }

    private static void AssertNoneTwiceBut(HashSet<string> inFlight, SmtpServer server)
    {
        var deliveries = server.Accepted.GroupBy(mail => Address(mail), StringComparer.Ordinal)
            .ToDictionary(mails => mails.Key, mails => mails.Count(), StringComparer.Ordinal);
        var twice = deliveries.Where(recipient => recipient.Value > 1).Select(recipient => recipient.Key).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{inFlight.Count} in flight at 3 kills, {twice.Count} of them delivered twice");
        Assert.Equal(Messages, deliveries.Count);
        Assert.Subset(inFlight, twice.ToHashSet(StringComparer.Ordinal));
    }

    // RCPT's argument is TO:<address>, with whatever parameters behind it.
    private static string Address(ReceivedMail mail) => mail.To.Single().Split('<', '>')[1];

    private static Process Start(PortalHost portal, SmtpServer server)
    {
        var start = PortalCommand.StartInfo("Development", "--urls", "http://127.0.0.1:0");
        start.Environment["ConnectionStrings__Portal"] = $"Data Source={portal.DatabasePath}";
        start.Environment["Email__Smtp__Host"] = "127.0.0.1";
        start.Environment["Email__Smtp__Port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["Email__Smtp__Security"] = "None";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(90));
        while (!await condition())
        {
            await Task.Delay(10, late.Token);
        }
    }
}
