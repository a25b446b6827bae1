using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>
/// Everything that goes wrong between the portal and a mail server: whether it may pass, in which words, and what the server has
/// accepted.
/// </summary>
public sealed class SmtpFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CONNECT", "421 4.3.2 Restarting")]
    [InlineData("MAIL", "421 4.3.2 Restarting")]
    [InlineData("MAIL", "451 4.7.1 Greylisted ann@example.com")]
    [InlineData("RCPT", "421 4.3.2 Restarting")]
    [InlineData("RCPT", "450 4.2.0 Mailbox busy: ann@example.com")]
    [InlineData("RCPT", "451 4.7.1 Greylisted ann@example.com")]
    [InlineData("RCPT", "452 4.5.3 Too many")]
    [InlineData("DATA", "451 4.3.0 Later")]
    [InlineData("END", "421 4.3.2 Restarting")]
    [InlineData("END", "451 4.3.0 Later")]
    [InlineData("END", "452 4.3.1 Full")]
    public async Task A_temporary_SMTP_failure_is_transient_and_the_mail_is_accepted_once(string verb, string reply)
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Script = SmtpServer.Answers(verb, reply);

        var failure = await smtp.FailAsync();
        Assert.False(failure.IsPermanent);
        Assert.Contains($"refused with {reply[..3]}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(smtp.Server.Accepted);

        await smtp.SendAsync();
        Assert.Single(smtp.Server.Accepted);
    }

    [Theory]
    [InlineData("CONNECT", "554 5.3.2 No service for you")]
    [InlineData("MAIL", "550 5.7.1 ann@example.com is not welcome")]
    [InlineData("DATA", "554 5.5.1 No")]
    [InlineData("END", "552 5.3.4 Too big")]
    [InlineData("END", "554 5.7.1 123456 is spam")]
    public async Task A_permanent_SMTP_refusal_is_permanent(string verb, string reply)
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Script = SmtpServer.Answers(verb, reply);

        var failure = await smtp.FailAsync();

        Assert.True(failure.IsPermanent);
        Assert.Equal($"localhost:{smtp.Server.Port}: message refused with {reply[..3]}.", failure.Message);
        Assert.Empty(smtp.Server.Accepted);
    }

    [Theory]
    [InlineData("550 5.1.1 ann@example.com: no such user")]
    [InlineData("551 5.1.6 Moved to eve@example.com")]
    [InlineData("553 5.1.3 Bad address")]
    public async Task A_refused_recipient_is_permanent_and_the_next_message_goes_out(string reply)
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Script = SmtpServer.Answers("RCPT", reply);

        var failure = await smtp.FailAsync();
        Assert.True(failure.IsPermanent);
        Assert.Equal($"localhost:{smtp.Server.Port}: recipient refused with {reply[..3]}.", failure.Message);
        Assert.Empty(smtp.Server.Accepted);

        await smtp.SendAsync(SmtpHost.Mail("eve@example.com"));
        Assert.Equal("TO:<eve@example.com>", Assert.Single(Assert.Single(smtp.Server.Accepted).To));
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData("CONTENT")]
    [InlineData("END")]
    public async Task A_dropped_SMTP_connection_is_transient_and_nothing_is_accepted(string verb)
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Script = SmtpServer.Answers(verb, SmtpServer.Drop);

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.Equal(1, smtp.Server.Connections);
        Assert.Empty(smtp.Server.Accepted);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("STARTTLS")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData("CONTENT")]
    [InlineData("END")]
    public Task A_silent_mail_server_is_left_as_soon_as_the_time_is_over(string verb) => AssertLeftAsync(
        silent => (asked, _) => asked == verb && silent.TrySetResult() ? SmtpServer.Silence : null);

    [Fact]
    public Task A_mail_server_that_promises_TLS_and_does_not_begin_it_is_left_as_soon_as_the_time_is_over() => AssertLeftAsync(
        silent => (asked, _) => asked switch
        {
            "STARTTLS" when silent.TrySetResult() => "220 2.0.0 Go on",
            "CONNECT" or "EHLO" or "STARTTLS" or "MAIL" or "RCPT" or "DATA" or "CONTENT" or "END" => null,

            // What the client says then is TLS. A line break may be among it by chance, which is no command to answer.
            _ => SmtpServer.Silence,
        });

    private static async Task AssertLeftAsync(Func<TaskCompletionSource, Func<string, string, string?>> script)
    {
        await using var smtp = new SmtpHost();
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        smtp.Server.Script = script(silent);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var sending = smtp.SendAsync(time.Token);
        await silent.Task.WaitAsync(Cancel);
        Assert.False(sending.IsCompleted);
        await time.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        await smtp.Server.AllClosedAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Empty(smtp.Server.Accepted);

        await smtp.SendAsync();
        Assert.Single(smtp.Server.Accepted);
    }

    [Fact]
    public async Task An_unreachable_mail_server_is_transient()
    {
        await using var smtp = new SmtpHost();
        var port = smtp.Server.Port;
        await smtp.Server.DisposeAsync();
        await using var transport = new SmtpTransport(
            Microsoft.Extensions.Options.Options.Create(new EmailOptions { Smtp = new SmtpOptions { Host = "localhost", Port = port } }),
                smtp.Clock);

        var failure = await Assert.ThrowsAsync<DeliveryException>(() => transport.SendAsync(SmtpHost.Mail(), Cancel));

        Assert.False(failure.IsPermanent);
        Assert.StartsWith(
            $"Cannot connect to localhost:{port}, check Email:Smtp:Host and Email:Smtp:Port.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_of_a_mail_server_is_transient()
    {
        await using var smtp = new SmtpHost { Host = "mail.invalid" };

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.StartsWith($"Cannot connect to mail.invalid:{smtp.Server.Port}", failure.Message, StringComparison.Ordinal);
    }
}
