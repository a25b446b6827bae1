using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>A pass over the outbox: beside slow and silent servers, at a shutdown, and after a worker that died.</summary>
public sealed class DeliveryPassTests : DeliveryPassTest
{
    [Fact]
    public async Task A_delivery_to_a_silent_server_ends_after_twenty_seconds()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transport = new ScriptedTransport((_, cancellationToken) =>
        {
            called.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        });
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);

        var pass = PassAsync(portal);
        await called.Task.WaitAsync(Cancel);
        portal.Wait(TimeSpan.FromSeconds(20));

        Assert.InRange((await pass)!.Value - portal.Clock!.GetUtcNow(), TimeSpan.FromSeconds(0.79), TimeSpan.FromSeconds(1.21));
        Assert.Equal("No answer within 20 s.", (await RowAsync(portal, Bad)).LastError);
    }

    [Fact]
    public async Task Deliveries_that_never_end_do_not_hold_up_the_others()
    {
        var stuck = new TaskCompletionSource();
        var transport = new ScriptedTransport((mail, _) => mail.To.StartsWith("stuck", StringComparison.Ordinal)
            ? stuck.Task
            : Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, [.. Enumerable.Range(0, DeliveryPass.MaxConcurrency - 1).Select(i => $"stuck{i}@example.com")]);
        var pass = PassAsync(portal);

        for (var i = 0; i < 100; i++)
        {
            await AcceptAsync(portal, $"good{i}@example.com");
        }

        while (transport.Accepted.Count < 100)
        {
            await Task.Delay(5, Cancel);
        }

        Assert.False(pass.IsCompleted);
        stuck.SetResult();
        Assert.Null(await pass);
        Assert.Equal(100 + DeliveryPass.MaxConcurrency - 1, transport.Accepted.Count);
    }

    [Fact]
    public async Task A_code_superseded_while_all_deliveries_are_busy_is_not_delivered()
    {
        var stuck = new TaskCompletionSource();
        var transport = new ScriptedTransport((mail, _) => mail.To.StartsWith("stuck", StringComparison.Ordinal)
            ? stuck.Task
            : Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, [.. Enumerable.Range(0, DeliveryPass.MaxConcurrency).Select(i => $"stuck{i}@example.com")]);
        var pass = PassAsync(portal);
        await AcceptAsync(portal, "second@example.com");
        portal.Clock!.Advance(TimeSpan.FromMinutes(2));
        await AcceptAsync(portal, "second@example.com");

        stuck.SetResult();
        await pass;
        await PassAsync(portal);

        var mail = Assert.Single(transport.Accepted, mail => mail.To == "second@example.com");
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync("second@example.com", mail.Code));
    }

    [Fact]
    public async Task A_shutdown_finishes_what_is_being_sent_and_leaves_the_rest()
    {
        using var stopping = new CancellationTokenSource();
        var sending = new TaskCompletionSource();
        var transport = new ScriptedTransport((_, _) =>
        {
            stopping.Cancel();
            return sending.Task;
        });
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, "first@example.com");
        var pass = portal.Services.GetRequiredService<DeliveryPass>().RunAsync(stopping.Token);
        await AcceptAsync(portal, "rest@example.com");
        sending.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);

        Assert.Equal("first@example.com", Assert.Single(transport.Accepted).To);
        Assert.Equal(MessageState.HandedOver, (await RowAsync(portal, "first@example.com")).State);
        Assert.Equal((MessageState.Waiting, 0),
            ((await RowAsync(portal, "rest@example.com")).State, (await RowAsync(portal, "rest@example.com")).Tries));
    }

    [Fact]
    public async Task A_shutdown_aborts_deliveries_that_take_too_long_and_releases_their_messages()
    {
        using var stopping = new CancellationTokenSource();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transport = new ScriptedTransport((_, cancellationToken) =>
        {
            called.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);
        var pass = portal.Services.GetRequiredService<DeliveryPass>().RunAsync(stopping.Token);
        await called.Task.WaitAsync(Cancel);

        await stopping.CancelAsync();
        while (!pass.IsCompleted)
        {
            portal.Clock!.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Cancel);
        }

        var row = await RowAsync(portal, Bad);
        Assert.Equal((MessageState.Waiting, null), (row.State, row.LeasedUntil));
        Assert.True(row.NextTryAt <= portal.Clock!.GetUtcNow());
    }

    [Fact]
    public async Task A_message_whose_worker_died_is_claimed_by_another_when_its_lease_ends()
    {
        var transport = new ScriptedTransport((_, _) => Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);
        var held = Assert.Single(await portal.Services.GetRequiredService<OutboxStore>().ClaimAsync(10, Cancel));

        Assert.Equal(portal.Clock!.GetUtcNow() + OutboxStore.LeaseDuration, await PassAsync(portal));
        Assert.Empty(transport.Accepted);
        portal.Wait(OutboxStore.LeaseDuration);
        await PassAsync(portal);
        Assert.Single(transport.Accepted);

        // The first worker was only slow. What it says now is too late to matter.
        await portal.Services.GetRequiredService<OutboxStore>().SettleAsync(held, new DeliveryResult.Failed("Late.", null), Cancel);
        Assert.Equal((MessageState.HandedOver, null), ((await RowAsync(portal, Bad)).State, (await RowAsync(portal, Bad)).LastError));
    }

    [Fact]
    public async Task More_messages_than_concurrent_deliveries_are_delivered_in_one_pass()
    {
        var transport = new ScriptedTransport((_, _) => Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, [.. Enumerable.Range(0, 120).Select(i => $"many{i}@example.com")]);

        Assert.Null(await PassAsync(portal));

        Assert.Equal(120, transport.Accepted.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(120, transport.Accepted.Count);
    }

    [Fact]
    public async Task A_decoy_ends_when_it_is_accepted_and_takes_no_place_of_a_message()
    {
        var transport = new ScriptedTransport((_, _) => Task.CompletedTask);
        await using var portal = transport.NewPortal();
        for (var i = 0; i < DeliveryPass.MaxConcurrency; i++)
        {
            await portal.Otp.SendAsync(
                new(Identifier.FromStored($"nobody{i}@example.com"), Purpose.Login, Binding.None) { Message = MessageKind.Decoy }, Cancel);
        }

        var decoys = await portal.ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync(Cancel));
        Assert.Equal(DeliveryPass.MaxConcurrency, decoys.Count);
        Assert.All(decoys, decoy => Assert.Equal(
            (MessageState.HandedOver, portal.Clock!.GetUtcNow(), null, 0), (decoy.State, decoy.EndedAt, decoy.ProtectedCode, decoy.Tries)));
        await AcceptAsync(portal, Bad);
        Assert.Equal(Bad,
            Assert.Single(await portal.Services.GetRequiredService<OutboxStore>().ClaimAsync(DeliveryPass.MaxConcurrency, Cancel)).Email);
        Assert.Empty(transport.Accepted);

        // Nor do the statistics count it as a message that was handed over.
        Assert.Equal(0, await portal.ReadAsync(db => db.Activity.CountAsync(noted => noted.Kind == ActivityEventKind.HandedOver, Cancel)));
    }
}
