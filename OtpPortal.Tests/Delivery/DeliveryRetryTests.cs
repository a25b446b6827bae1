using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>A mail server that is away or refuses: what becomes of the message, and what of the others.</summary>
public sealed class DeliveryRetryTests : DeliveryPassTest
{
    [Fact]
    public async Task A_failed_message_is_rescheduled_with_growing_jittered_pauses_until_its_code_expires()
    {
        var transport = new ScriptedTransport((_, _) => throw new DeliveryException("The server is away."));
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);

        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var next = (await PassAsync(portal))!.Value - portal.Clock!.GetUtcNow();
            pauses.Add(next.TotalSeconds);
            portal.Wait(next);
        }

        Assert.All(pauses.Zip([1.0, 2, 4, 8, 16, 30, 30]), pair => Assert.InRange(pair.First, pair.Second * 0.799, pair.Second * 1.201));
        Assert.Equal("The server is away.", (await RowAsync(portal, Bad)).LastError);
        portal.Wait(TimeSpan.FromMinutes(5));
        Assert.Null(await PassAsync(portal));
        var row = await RowAsync(portal, Bad);
        Assert.Equal((MessageState.Expired, null), (row.State, row.ProtectedCode));
        Assert.Empty(transport.Accepted);
    }

    [Fact]
    public async Task Messages_that_failed_together_do_not_come_back_together()
    {
        var transport = new ScriptedTransport((_, _) => throw new DeliveryException("The server is away."));
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, [.. Enumerable.Range(0, 40).Select(i => $"many{i}@example.com")]);

        await PassAsync(portal);

        var next = await portal.ReadAsync(db => db.Outbox.Select(row => row.NextTryAt).ToListAsync(Cancel));
        Assert.True(next.Distinct().Count() > 20, $"40 messages come back at {next.Distinct().Count()} times.");
    }

    [Fact]
    public async Task A_rescheduled_message_waits_as_long_as_the_server_asks()
    {
        var transport = new ScriptedTransport((_, _) => throw new DeliveryException("Too many.") { RetryAfter = TimeSpan.FromSeconds(77) });
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);

        Assert.Equal(portal.Clock!.GetUtcNow().AddSeconds(77), await PassAsync(portal));
    }

    [Fact]
    public async Task A_permanent_refusal_ends_the_message_at_once_and_wipes_its_code()
    {
        var transport = new ScriptedTransport((_, _) => throw new DeliveryException("Recipient refused.") { IsPermanent = true });
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);

        Assert.Null(await PassAsync(portal));

        var row = await RowAsync(portal, Bad);
        Assert.Equal((MessageState.Refused, null, "Recipient refused.", 1), (row.State, row.ProtectedCode, row.LastError, row.Tries));
        Assert.Equal(portal.Clock!.GetUtcNow(), row.EndedAt);
    }

    [Theory]
    [InlineData(typeof(DeliveryException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(NullReferenceException))]
    public async Task A_failed_message_does_not_hold_up_the_next(Type failure)
    {
        var transport = new ScriptedTransport((mail, _) => mail.To == Bad
            ? throw (Exception)Activator.CreateInstance(failure)!
            : Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad, "good@example.com");

        await PassAsync(portal);

        Assert.Equal("good@example.com", Assert.Single(transport.Accepted).To);
        Assert.Equal(MessageState.Waiting, (await RowAsync(portal, Bad)).State);
    }

    [Fact]
    public async Task A_message_that_failed_is_delivered_when_the_server_is_back()
    {
        var away = true;
        var transport = new ScriptedTransport((_, _) => away ? throw new DeliveryException("The server is away.") : Task.CompletedTask);
        await using var portal = transport.NewPortal();
        await AcceptAsync(portal, Bad);
        var next = (await PassAsync(portal))!.Value;
        away = false;

        // Not before its time: a server that comes back is not overrun.
        portal.Wait(next - portal.Clock!.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        await PassAsync(portal);
        Assert.Empty(transport.Accepted);
        portal.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Null(await PassAsync(portal));

        var mail = Assert.Single(transport.Accepted);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(Bad, mail.Code));
    }
}
