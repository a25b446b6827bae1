using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>What was accepted is delivered once, or dropped for a reason.</summary>
public sealed class OutboxTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_and_its_message_are_written_together_or_not_at_all()
    {
        const string email = "neither@example.com";
        var cancellationToken = Cancel;

        await Assert.ThrowsAsync<InvalidDataException>(() => portal.Lane.RunAsync(
            async db =>
            {
                Assert.IsType<SendOutcome.Sent>(
                    await portal.Otp.SendAsync(
                        db, new SendRequest(Identifier.FromStored(email), Purpose.Login, OtpSteps.Browser), cancellationToken));
                throw new InvalidDataException("What the caller wrote besides went wrong.");
            },
            cancellationToken));

        Assert.Null(await portal.StatusAsync(email));
        Assert.Empty(await MessagesAsync(email));

        // Nothing of it remains, the cooldown neither.
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
        Assert.Single(await MessagesAsync(email));
    }

    [Fact]
    public async Task A_send_reads_the_waiting_messages_of_its_own_address_alone()
    {
        var plan = await portal.ReadAsync(db => db.QueryAsync(
            $"EXPLAIN QUERY PLAN {OutboxSql.DropSuperseded}",
            row => row.GetString(row.GetOrdinal("detail")),
            ("email", "ann@example.com"), ("purpose", "login"), ("now", 0L)));

        Assert.Contains("USING INDEX IX_Outbox_Email_Purpose (Email=? AND Purpose=?)", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_message_holds_its_code_encrypted_and_a_delivered_one_holds_none()
    {
        const string email = "wiped@example.com";
        await portal.TrySendAsync(email);
        var waiting = Assert.Single(await MessagesAsync(email));

        var code = await portal.CodeForAsync(email);

        Assert.NotNull(waiting.ProtectedCode);
        Assert.NotEqual(code, waiting.ProtectedCode);
        Assert.DoesNotContain(code, waiting.ProtectedCode, StringComparison.Ordinal);
        Assert.Equal(code, portal.Services.GetRequiredService<Outbox>().UnprotectCode(waiting));
        var delivered = Assert.Single(await MessagesAsync(email));
        Assert.Equal((MessageState.HandedOver, null, 1), (delivered.State, delivered.ProtectedCode, delivered.Tries));
        Assert.Equal(portal.Clock!.GetUtcNow(), delivered.EndedAt);
    }

    [Fact]
    public async Task A_message_is_delivered_once_however_often_the_outbox_is_looked_at()
    {
        const string email = "once@example.com";
        await portal.TrySendAsync(email);

        await portal.DeliverAsync();
        await portal.DeliverAsync();

        Assert.Single(portal.Inbox, message => message.To == email);
    }

    [Fact]
    public async Task A_message_whose_code_has_expired_is_dropped()
    {
        const string email = "expired@example.com";
        await portal.TrySendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(5));

        await portal.DeliverAsync();

        await AssertEndedAsync(email, MessageState.Expired);
        Assert.DoesNotContain(portal.Inbox, message => message.To == email);
    }

    [Fact]
    public async Task A_message_whose_code_was_superseded_is_dropped()
    {
        const string email = "superseded@example.com";
        await portal.TrySendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        var code = await portal.SendAsync(email);

        var messages = await MessagesAsync(email);

        Assert.Equal([MessageState.Superseded, MessageState.HandedOver], messages.Select(message => message.State));
        Assert.All(messages, message => Assert.Null(message.ProtectedCode));
        Assert.Equal(code, Assert.Single(portal.Inbox, message => message.To == email).Code);
    }

    [Fact]
    public async Task A_code_of_another_purpose_supersedes_nothing()
    {
        const string email = "both@example.com";
        await portal.TrySendAsync(email, Purpose.Login);
        await portal.TrySendAsync(email, Purpose.ForgotPassword);

        await portal.DeliverAsync();

        Assert.Equal(2, portal.Inbox.Count(message => message.To == email));
    }

    [Fact]
    public async Task A_message_whose_keys_are_gone_ends_and_holds_up_no_other()
    {
        const string email = "keys@example.com";
        var cancellationToken = Cancel;
        await portal.TrySendAsync(email);
        await portal.Lane.RunAsync(
            db => db.Outbox.Where(message => message.Email == email)
                .ExecuteUpdateAsync(row => row.SetProperty(message => message.ProtectedCode, "garbage"), cancellationToken),
            cancellationToken);

        await portal.DeliverAsync();

        await AssertEndedAsync(email, MessageState.Refused);
    }

    [Fact]
    public async Task Ended_messages_are_purged_after_a_day_and_waiting_ones_are_not()
    {
        await portal.SendAsync("ended@example.com");
        portal.Wait(TimeSpan.FromDays(1));
        await portal.TrySendAsync("waiting@example.com");

        await portal.Services.GetServices<IPurge>().OfType<OutboxPurge>().Single().RunAsync(Cancel);

        Assert.Empty(await MessagesAsync("ended@example.com"));
        Assert.Single(await MessagesAsync("waiting@example.com"));
    }

    private async Task AssertEndedAsync(string email, MessageState state)
    {
        var message = Assert.Single(await MessagesAsync(email));
        Assert.Equal((state, null), (message.State, message.ProtectedCode));
        Assert.Equal(portal.Clock!.GetUtcNow(), message.EndedAt);
    }

    private Task<List<OutboxMessage>> MessagesAsync(string email) =>
        portal.ReadAsync(db => db.Outbox.AsNoTracking().Where(message => message.Email == email).OrderBy(message => message.Id)
            .ToListAsync(Cancel));
}
