using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>A message that was handed over while the database could not be written: it is not mailed a second time.</summary>
public sealed class RewriteTests
{
    private const string Ann = "ann@example.com";

    // What a hand-over writes fails, and nothing else does.
    private const string Fault = "CREATE TRIGGER Fault BEFORE UPDATE OF State ON Outbox BEGIN SELECT RAISE(ABORT, 'a fault of the "
        + "test'); END";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_that_could_not_be_recorded_is_recorded_later_and_the_mail_goes_out_once()
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transport = new ScriptedTransport((_, _) =>
        {
            sent.TrySetResult();
            return Task.CompletedTask;
        });
        await using var portal = transport.NewPortal();
        await portal.TrySendAsync(Ann);
        await ExecuteAsync(portal, Fault);
        var at = portal.Clock!.GetUtcNow();

        var pass = PassAsync(portal);
        await sent.Task.WaitAsync(Cancel);
        for (var i = 0; i < 10; i++)
        {
            await NextAttemptAsync(portal, pass);
        }

        Assert.False(pass.IsCompleted);
        await ExecuteAsync(portal, "DROP TRIGGER Fault");
        while (!pass.IsCompleted)
        {
            await NextAttemptAsync(portal, pass);
        }

        await pass;
        portal.Clock.Advance(OutboxStore.LeaseDuration);
        await PassAsync(portal);
        Assert.Single(transport.Accepted);

        // The log has the time of the hand-over, and not that of its writing.
        var row = await RowAsync(portal);
        Assert.Equal((MessageState.HandedOver, null, at), (row.State, row.ProtectedCode, row.EndedAt));
    }

    [Fact]
    public async Task A_delivery_is_recorded_until_its_lease_ends_and_then_the_message_is_claimed_again()
    {
        var transport = new ScriptedTransport((_, _) => Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await portal.TrySendAsync(Ann);
        await ExecuteAsync(portal, Fault);
        var until = portal.Clock!.GetUtcNow() + OutboxStore.LeaseDuration;

        var pass = PassAsync(portal);
        while (portal.Clock.GetUtcNow() + OutboxStore.RewriteInterval < until)
        {
            Assert.False(pass.IsCompleted);
            await NextAttemptAsync(portal, pass);
        }

        Assert.Equal(until, await pass.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.InRange(portal.Clock.GetUtcNow(), until - OutboxStore.RewriteInterval, until);
        await ExecuteAsync(portal, "DROP TRIGGER Fault");
        portal.Clock.Advance(OutboxStore.LeaseDuration);
        await PassAsync(portal);
        Assert.Equal(2, transport.Accepted.Count);
    }

    [Fact]
    public async Task Each_mail_goes_out_once_though_the_file_is_locked_during_the_deliveries()
    {
        // With the clock of the machine: SQLite knows no other.
        FileLock? held = null;
        var locked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transport = new ScriptedTransport((_, _) => locked.Task);
        await using var portal = new PortalHost
        {
            Clock = null,
            Configure = services => Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.Replace(
                services, ServiceDescriptor.Singleton<OtpPortal.Delivery.Email.IMailTransport>(transport)),
        };
        for (var i = 0; i < 5; i++)
        {
            await portal.TrySendAsync($"person{i}@example.com");
        }

        var pass = PassAsync(portal);
        while (await portal.ReadAsync(db => db.Outbox.CountAsync(row => row.LeasedUntil != null, Cancel)) < 5)
        {
            await Task.Delay(10, Cancel);
        }

        held = await FileLock.TakeAsync(portal.DatabasePath);
        locked.SetResult();
        await Task.Delay(TimeSpan.FromSeconds(7), Cancel);
        Assert.False(pass.IsCompleted);
        await held.DisposeAsync();

        await Task.WhenAny(pass);
        await PassAsync(portal);
        Assert.Equal(5, transport.Accepted.Count);
        Assert.Equal(5, await portal.ReadAsync(db => db.Outbox.CountAsync(row => row.State == MessageState.HandedOver, Cancel)));
    }

    // Moves the clock once the next attempt waits for it. An attempt itself takes no time of that clock.
    private static async Task NextAttemptAsync(PortalHost portal, Task pass)
    {
        while (!pass.IsCompleted && !portal.Clock!.IsTimerDueWithin(OutboxStore.RewriteInterval))
        {
            await Task.Delay(1, Cancel);
        }

        if (!pass.IsCompleted)
        {
            portal.Clock!.Advance(OutboxStore.RewriteInterval);
        }
    }

    private static Task ExecuteAsync(PortalHost portal, string sql) =>
        portal.Lane.RunUrgentAsync(db => db.QueryAsync(sql, row => row.FieldCount));

    private static Task<DateTimeOffset?> PassAsync(PortalHost portal) =>
        portal.Services.GetRequiredService<DeliveryPass>().RunAsync(Cancel);

    private static Task<OutboxMessage> RowAsync(PortalHost portal) =>
        portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(row => row.Email == Ann, Cancel));
}
