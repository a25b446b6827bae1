using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Connections are kept for a burst of messages, and no message is sent twice for it.</summary>
public sealed class SmtpConnectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Auto)]
    [InlineData(SmtpSecurity.None)]
    public async Task Ten_messages_one_after_another_use_one_SMTP_connection(SmtpSecurity security)
    {
        await using var smtp = new SmtpHost { Security = security };

        for (var i = 0; i < 10; i++)
        {
            await smtp.SendAsync(SmtpHost.Mail(id: $"otp-{i}"));
            smtp.Clock.Advance(TimeSpan.FromSeconds(29));
        }

        Assert.Equal(1, smtp.Server.Connections);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"<otp-{i}@example.com>"), smtp.Server.Accepted.Select(mail => mail["Message-ID"]));
    }

    [Fact]
    public async Task An_SMTP_connection_is_closed_after_thirty_idle_seconds()
    {
        await using var smtp = new SmtpHost();
        await smtp.SendAsync();
        smtp.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, smtp.Server.Open);

        smtp.Clock.Advance(TimeSpan.FromSeconds(1));
        await smtp.Server.AllClosedAsync().WaitAsync(Soon, Cancel);
        await smtp.SendAsync();

        Assert.Equal(2, smtp.Server.Connections);
        Assert.Equal(2, smtp.Server.Accepted.Count);
    }

    [Fact]
    public async Task Kept_SMTP_connections_are_closed_at_the_end()
    {
        await using var smtp = new SmtpHost();
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        smtp.Server.Script = SmtpServer.On("QUIT", () => said.TrySetResult());
        await smtp.SendAsync();

        await smtp.StopAsync();

        await said.Task.WaitAsync(Soon, Cancel);
        await smtp.Server.AllClosedAsync().WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task Several_messages_are_sent_at_once_over_SMTP()
    {
        const int Count = 8;
        await using var smtp = new SmtpHost();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;

        // Nothing is accepted before all have arrived.
        smtp.Server.Accepting = () =>
        {
            if (Interlocked.Increment(ref arrived) == Count)
            {
                all.SetResult();
            }

            return all.Task;
        };

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => smtp.SendAsync(SmtpHost.Mail(id: $"otp-{i}"))));
        Assert.Equal(Count, smtp.Server.Accepted.Select(mail => mail["Message-ID"]).Distinct().Count());
        Assert.Equal(Count, smtp.Server.Connections);

        // The next ones find eight that are idle.
        await Task.WhenAll(Enumerable.Range(Count, Count).Select(i => smtp.SendAsync(SmtpHost.Mail(id: $"otp-{i}"))));
        Assert.Equal(2 * Count, smtp.Server.Accepted.Count);
        Assert.Equal(Count, smtp.Server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_that_the_server_closed_is_replaced_without_a_failure()
    {
        await using var smtp = new SmtpHost();
        await smtp.SendAsync(SmtpHost.Mail(id: "otp-1"));
        await smtp.Server.HangUpAsync();

        await smtp.SendAsync(SmtpHost.Mail(id: "otp-2"));

        Assert.Equal(["<otp-1@example.com>", "<otp-2@example.com>"], smtp.Server.Accepted.Select(mail => mail["Message-ID"]));
        Assert.Equal(2, smtp.Server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_is_replaced_once_the_server_takes_no_more_messages_on_it()
    {
        await using var smtp = new SmtpHost();
        await smtp.SendAsync();
        smtp.Server.Script = SmtpServer.Answers("MAIL", "421 4.7.0 Too many messages on this connection");

        await smtp.SendAsync();

        Assert.Equal(2, smtp.Server.Connections);
        Assert.Equal(2, smtp.Server.Accepted.Count);
    }

    [Theory]
    [InlineData("CONTENT", SmtpServer.Drop)]
    [InlineData("END", SmtpServer.Drop)]
    public async Task A_message_that_a_kept_connection_may_have_delivered_is_not_sent_again_by_itself(string verb, string reply)
    {
        await using var smtp = new SmtpHost();
        await smtp.SendAsync();
        smtp.Server.Script = SmtpServer.Answers(verb, reply);

        Assert.False((await smtp.FailAsync()).IsPermanent);

        Assert.Equal(1, smtp.Server.Connections);
        Assert.Single(smtp.Server.Accepted);
    }

    [Fact]
    public async Task A_message_that_was_accepted_stays_accepted_when_the_server_hangs_up_at_once()
    {
        await using var smtp = new SmtpHost();
        smtp.Server.HangsUpAfterAccepting = true;

        for (var i = 0; i < 20; i++)
        {
            await smtp.SendAsync(SmtpHost.Mail(id: $"otp-{i}"));
        }

        Assert.Equal(20, smtp.Server.Accepted.Select(mail => mail["Message-ID"]).Distinct().Count());
        Assert.Equal(20, smtp.Server.Accepted.Count);
        Assert.Equal(20, smtp.Server.Connections);
    }

    [Fact]
    public async Task A_refused_recipient_does_not_spoil_the_connection_for_the_others()
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Script = SmtpServer.Refuses("bad", "550 5.1.1 No such user");

        await smtp.SendAsync();
        Assert.True((await smtp.FailAsync(SmtpHost.Mail("bad@example.com"))).IsPermanent);
        await smtp.SendAsync();

        Assert.Equal(2, smtp.Server.Accepted.Count);
        Assert.InRange(smtp.Server.Connections, 1, 2);
    }
}
