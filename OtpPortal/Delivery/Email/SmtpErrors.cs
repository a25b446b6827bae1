using System.Globalization;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// What every SMTP transport shares: what a mail's head says, and a failure in words for the administrator. A server may repeat the
/// address in what it answers, so of its answers only the number is told, and the library's exception, which repeats them, is left behind.
/// </summary>
internal static class SmtpErrors
{
    private static readonly IdnMapping Idn = new();

    /// <summary>The configured sender; in Development there need not be one.</summary>
    public static string Sender(EmailOptions options) => options.From ?? "OtpPortal <otpportal@localhost>";

    /// <summary>RFC 5322 §3.6.4, without the angle brackets: the same at every try, so that a double delivery can be told.</summary>
    public static string MessageId(EmailOptions options, OutgoingMail mail) =>
        $"{mail.Id}@{Idn.GetAscii(new MailAddress(Sender(options)).Host)}";

    /// <summary>The recipient: one bare address, because anything else could end a line or add somebody.</summary>
    /// <exception cref="DeliveryException">It is something else.</exception>
    public static string Recipient(OutgoingMail mail) =>
        !mail.To.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)) && MailAddress.TryCreate(mail.To, out var address)
            && address.Address == mail.To
            ? mail.To
            : throw Permanent("recipient refused: it is not an address.");

    /// <summary>The subject as one line: a line's end in it would begin another header.</summary>
    public static string Subject(OutgoingMail mail) => string.Concat(mail.Subject.Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>RFC 4954 §6, 530 and 535.</summary>
    public static DeliveryException Authentication(SmtpOptions smtp) => Permanent(smtp.UserName is null
        ? $"{Server(smtp)}: authentication required, set Email:Smtp:UserName and Email:Smtp:Password."
        : $"{Server(smtp)}: authentication failed, check Email:Smtp:UserName and Email:Smtp:Password.");

    public static DeliveryException RecipientRefused(SmtpOptions smtp, int status) =>
        Refusal($"{Server(smtp)}: recipient refused with {Number(status)}.", status);

    /// <summary>RFC 6531 §3.6: the server cannot carry this address.</summary>
    public static DeliveryException RecipientBeyondAscii(SmtpOptions smtp) =>
        Permanent($"{Server(smtp)}: recipient refused, the server takes no addresses with letters beyond ASCII before the @ (SMTPUTF8).");

    public static DeliveryException Refused(SmtpOptions smtp, int status) =>
        Refusal($"{Server(smtp)}: message refused with {Number(status)}.", status);

    public static DeliveryException NotOffered(SmtpOptions smtp, string what) =>
        new($"{Server(smtp)}: the server does not offer {what}, check Email:Smtp:Port and Email:Smtp:Security.");

    public static DeliveryException NotSecured(SmtpOptions smtp, Exception cause) => new(
        $"{Server(smtp)}: no secure connection, check Email:Smtp:Host, Email:Smtp:Security and the server's certificate. "
            + $"({OneLine(cause.Message)})", cause);

    /// <summary>Anything below SMTP: the network, TLS, a server that hung up.</summary>
    public static DeliveryException Connection(SmtpOptions smtp, Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return NotSecured(smtp, cause);
                case IOException:
                    return new DeliveryException($"{Server(smtp)}: the connection broke before the message was accepted.", failure);
                case SocketException:
                    return new DeliveryException(
                        $"Cannot connect to {Server(smtp)}, check Email:Smtp:Host and Email:Smtp:Port. ({OneLine(cause.Message)})",
                            failure);
            }
        }

        return new DeliveryException(
            $"{Server(smtp)}: the server did not speak SMTP as expected, or hung up, before the message was accepted.", failure);
    }

    // RFC 5321 §4.2.1: 5yz says not to repeat it, 4yz to do so.
    private static DeliveryException Refusal(string message, int status) => new(message) { IsPermanent = status is >= 500 and < 600 };

    private static DeliveryException Permanent(string message) => new(message) { IsPermanent = true };

    private static string Server(SmtpOptions smtp) => $"{smtp.Host}:{Number(smtp.Port)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string OneLine(string text) =>
        string.Join(' ', text.Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
