using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace OtpPortal.Delivery.Email;

/// <summary>Hands mail to an SMTP server (RFC 5321) through MailKit, over connections that are kept for the next mail.</summary>
public sealed class SmtpTransport(IOptions<EmailOptions> options, TimeProvider clock) : IMailTransport, IAsyncDisposable
{
    private readonly EmailOptions options = options.Value;
    private readonly IdleConnections<SmtpClient> idle = new(clock, CloseAsync);

    /// <summary>For tests, which issue their own certificates. Without it, any error of a certificate refuses the connection.</summary>
    internal RemoteCertificateValidationCallback? CheckCertificate { get; init; }

    private SmtpOptions Smtp => options.Smtp;

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var message = Message(mail);
        try
        {
            if (!await TrySendOverIdleAsync(message, cancellationToken))
            {
                await TrySendAsync(await ConnectAsync(cancellationToken), message, isKept: false, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (AuthenticationException failure)
        {
            throw Describe(failure);
        }
        catch (ServiceNotAuthenticatedException)
        {
            throw SmtpErrors.Authentication(Smtp);
        }
        catch (SmtpCommandException failure)
        {
            throw failure.ErrorCode == SmtpErrorCode.RecipientNotAccepted
                ? SmtpErrors.RecipientRefused(Smtp, (int)failure.StatusCode)
                : SmtpErrors.Refused(Smtp, (int)failure.StatusCode);
        }
        catch (SslHandshakeException failure)
        {
            throw SmtpErrors.NotSecured(Smtp, failure);
        }
        catch (Exception failure) when (failure is IOException or SocketException or SmtpProtocolException or TimeoutException)
        {
            throw SmtpErrors.Connection(Smtp, failure);
        }
    }

    /// <summary>Closes the idle connections.</summary>
    public ValueTask DisposeAsync() => idle.DisposeAsync();

    private async Task<bool> TrySendOverIdleAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        while (idle.Take() is { } kept)
        {
            if (await AnswersAsync(kept, cancellationToken) && await TrySendAsync(kept, message, isKept: true, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    // Servers close idle connections at any time. The connection is checked before anything is sent, so that no message is sent twice.
    private static async Task<bool> AnswersAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.NoOpAsync(cancellationToken);
            return true;
        }
        catch (Exception)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    // Returns false if the server has closed the idle connection. A 421 reply means, at any point, that the server has not accepted the
    // message.
    private async Task<bool> TrySendAsync(SmtpClient client, MimeMessage message, bool isKept, CancellationToken cancellationToken)
    {
        var beyondAscii = message.To.Mailboxes.Any(to => !Ascii.IsValid(to.GetAddress(idnEncode: true)));
        try
        {
            if (beyondAscii && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
            {
                throw SmtpErrors.RecipientBeyondAscii(Smtp);
            }

            await client.SendAsync(new FormatOptions { International = beyondAscii }, message, cancellationToken);
            return true;
        }
        catch (SmtpCommandException failure) when (isKept && failure.StatusCode == SmtpStatusCode.ServiceNotAvailable)
        {
            return false;
        }
        finally
        {
            // After a refusal, MailKit has reset the SMTP session. After any worse error, it has disconnected.
            await (client.IsConnected ? idle.KeepAsync(client) : CloseAsync(client));
        }
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = new SmtpClient { ServerCertificateValidationCallback = CheckCertificate };
        try
        {
            // Without a host, the development inbox is used instead of this class.
            await client.ConnectAsync(Smtp.Host!, Smtp.Port, Security(), cancellationToken);
            if (Smtp is { UserName: { } name, Password: { } password })
            {
                await client.AuthenticateAsync(name, password, cancellationToken);
            }

            return client;
        }
        catch (NotSupportedException)
        {
            var what = client.IsConnected ? "a way to sign in that is known here" : "STARTTLS";
            client.Dispose();
            throw SmtpErrors.NotOffered(Smtp, what);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // The result of the message is known already, so errors while disconnecting do not matter.
    private static async Task CloseAsync(SmtpClient client)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await client.DisconnectAsync(true, soon.Token);
        }
        catch (Exception failure) when (failure is IOException or SocketException or SmtpProtocolException or OperationCanceledException)
        {
            // The server has closed the connection already.
        }

        client.Dispose();
    }

    private SecureSocketOptions Security() => Smtp.Security switch
    {
        SmtpSecurity.None => SecureSocketOptions.None,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ when Smtp.Port == 465 => SecureSocketOptions.SslOnConnect,
        _ when Smtp.UserName is not null => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    // RFC 4954 §6: 454 is a temporary failure of the server, and says nothing about the password.
    private DeliveryException Describe(AuthenticationException failure) =>
        failure.InnerException is SmtpCommandException { StatusCode: var status } && (int)status < 500
            ? SmtpErrors.Refused(Smtp, (int)status)
            : SmtpErrors.Authentication(Smtp);

    private MimeMessage Message(OutgoingMail mail)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(SmtpErrors.Sender(options)));
        message.To.Add(new MailboxAddress("", SmtpErrors.Recipient(mail)));
        message.Subject = SmtpErrors.Subject(mail);
        message.Headers.Replace(HeaderId.MessageId, $"<{SmtpErrors.MessageId(options, mail)}>");

        // RFC 3834 §5: this prevents automatic replies.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody();
        return message;
    }
}
