using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// Stands in for the transport of the same name on MailKit where the registry has no MailKit. It cannot speak TLS from the
/// start (port 465), and says so.
/// </summary>
public sealed class SmtpTransport(IOptions<EmailOptions> options, TimeProvider clock) : IMailTransport, IAsyncDisposable
{
    private readonly EmailOptions options = options.Value;
    private readonly IdleConnections<SmtpClient> idle = new(clock, CloseAsync);

    /// <summary>
    /// For tests, which make their own certificates; the library has one check for the whole process. Without it any fault of a
    /// certificate is the end.
    /// </summary>
#pragma warning disable CA1822, MA0039, SYSLIB0014
    internal RemoteCertificateValidationCallback? CheckCertificate
    {
        init => ServicePointManager.ServerCertificateValidationCallback = value;
    }
#pragma warning restore CA1822, MA0039, SYSLIB0014

    private SmtpOptions Smtp => options.Smtp;

    /// <inheritdoc/>
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (Smtp.Security == SmtpSecurity.Tls || (Smtp.Security == SmtpSecurity.Auto && Smtp.Port == 465))
        {
            throw new DeliveryException(
                "This build has no MailKit and cannot speak TLS from the start: use port 587 with Email:Smtp:Security=StartTls.");
        }

        while (idle.Take() is { } kept)
        {
            if (await TrySendAsync(kept, mail,
                (failure, status) => status == SmtpStatusCode.ServiceNotAvailable || IsBelowSmtp(failure, status), cancellationToken))
            {
                return;
            }
        }

        // STARTTLS where the server offers it. The library only asks for it or not, so the plain try follows a server's "not offered".
        var plainWillDo = Smtp.Security == SmtpSecurity.Auto && Smtp.UserName is null;
        if (Smtp.Security == SmtpSecurity.None
            || !await TrySendAsync(
                NewClient(secured: true), mail, (failure, status) => plainWillDo && IsNotOffered(failure, status, mail), cancellationToken))
        {
            await TrySendAsync(NewClient(secured: false), mail, (_, _) => false, cancellationToken);
        }
    }

    /// <summary>Closes the connections that are kept.</summary>
    public ValueTask DisposeAsync() => idle.DisposeAsync();

    // It says QUIT and does not wait for the answer.
    private static Task CloseAsync(SmtpClient client)
    {
        client.Dispose();
        return Task.CompletedTask;
    }

    private static bool IsBelowSmtp(Exception failure, SmtpStatusCode status) =>
        status == SmtpStatusCode.GeneralFailure || failure is ObjectDisposedException;

    // The library has no better sign. Its complaint about the recipient looks the same, but names it.
    private static bool IsNotOffered(Exception failure, SmtpStatusCode status, OutgoingMail mail) =>
        failure is SmtpException { InnerException: null } && status == SmtpStatusCode.GeneralFailure && !IsBeyondAscii(failure, mail);

    private static bool IsBeyondAscii(Exception failure, OutgoingMail mail) =>
        failure.Message.Contains(mail.To, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends, and keeps the connection.</summary>
    /// <returns>False: not a byte of the message was asked for, so no server can have it, and another connection may do.</returns>
    private async Task<bool> TrySendAsync(
        SmtpClient client, OutgoingMail mail, Func<Exception, SmtpStatusCode, bool> mayGoOn, CancellationToken cancellationToken)
    {
        using var message = Message(mail);
        try
        {
            await SendAsync(client, message, cancellationToken);
        }
        catch (Exception failure)
            when (failure is SmtpException or IOException or SocketException or AuthenticationException or ObjectDisposedException
                || cancellationToken.IsCancellationRequested)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            var status = (failure as SmtpException)?.StatusCode ?? SmtpStatusCode.GeneralFailure;
            if (message.AlternateViews[0].ContentStream.Position == 0 && mayGoOn(failure, status))
            {
                return false;
            }

            throw Describe(failure, status, mail);
        }

        SendPacketsAtOnce(client);
        await (cancellationToken.IsCancellationRequested ? CloseAsync(client) : idle.KeepAsync(client));
        return true;
    }

    // The library sends a mail in several packets and has no setting against Nagle's algorithm (RFC 896), which makes each mail on a kept
    // connection wait some 40 ms for an acknowledgement. Where its fields have other names, it stays slow, and nothing else.
    private static void SendPacketsAtOnce(SmtpClient client)
    {
        try
        {
            if (Field(Field(Field(client, "_transport"), "_connection"), "_tcpClient") is TcpClient { Client: { } socket })
            {
                socket.NoDelay = true;
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The connection is gone already; the mail was accepted all the same.
        }
    }

    private static object? Field(object? owner, string name) =>
        owner?.GetType()
            .GetField(name, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)?.GetValue(owner);

    private static async Task SendAsync(SmtpClient client, MailMessage message, CancellationToken cancellationToken)
    {
        // RFC 6531 only where it is needed: it would send the subject as UTF-8 too, which not every server on the way takes.
        client.DeliveryFormat = Ascii.IsValid(message.To[0].User) ? SmtpDeliveryFormat.SevenBit : SmtpDeliveryFormat.International;

        // Both ways of the library wait for the answer to the message on a thread, and without looking at a token. Better a thread of
        // its own than one that requests wait for; hanging up ends the wait.
        await using var hangUp = cancellationToken.UnsafeRegister(
            _ => ThreadPool.UnsafeQueueUserWorkItem(_ => client.Dispose(), null), null);
        await Task.Factory.StartNew(() => client.Send(message), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private DeliveryException Describe(Exception failure, SmtpStatusCode status, OutgoingMail mail) => (failure, (int)status) switch
    {
        // This library goes on after a refused password, and is then told that it has not signed in.
        (_, 530 or 534 or 535 or 538) => SmtpErrors.Authentication(Smtp),
        (SmtpFailedRecipientException, var number) => SmtpErrors.RecipientRefused(Smtp, number),
        (_, > 0 and var number) => SmtpErrors.Refused(Smtp, number),
        _ when IsBeyondAscii(failure, mail) => SmtpErrors.RecipientBeyondAscii(Smtp),
        _ when IsNotOffered(failure, status, mail) => SmtpErrors.NotOffered(Smtp, "STARTTLS"),
        _ => SmtpErrors.Connection(Smtp, failure is SmtpException ? failure.InnerException : failure),
    };

    private SmtpClient NewClient(bool secured) => new(Smtp.Host, Smtp.Port)
    {
        EnableSsl = secured,
        Credentials = Smtp.UserName is null ? null : new NetworkCredential(Smtp.UserName, Smtp.Password),
    };

    private MailMessage Message(OutgoingMail mail)
    {
        var message = new MailMessage(new MailAddress(SmtpErrors.Sender(options)), new MailAddress(SmtpErrors.Recipient(mail)))
        {
            Subject = SmtpErrors.Subject(mail),
            SubjectEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{SmtpErrors.MessageId(options, mail)}>");

        // RFC 3834 §5: nobody's out-of-office answers a code.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(View(mail.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(mail.Html, MediaTypeNames.Text.Html));
        return message;
    }

    // RFC 2045 §6.8: lines end with CRLF before they are encoded.
    private static AlternateView View(string text, string type) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))), new ContentType(type) { CharSet = "utf-8" })
        {
            TransferEncoding = TransferEncoding.Base64,
        };
}
