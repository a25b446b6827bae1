using System.Globalization;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// What all SMTP transports share: the header fields of a mail, and the texts of failures for the administrator. A server may repeat the
/// recipient's address in its replies, so these texts contain only the number of a reply, and not the library's exception, which quotes the
/// reply.
/// </summary>
internal static class SmtpErrors
{
    private static readonly IdnMapping Idn = new();

    /// <summary>The configured sender, or a default, because none is required in Development.</summary>
    public static string Sender(EmailOptions options) => options.From ?? "OtpPortal <otpportal@localhost>";

    /// <summary>
    /// The Message-ID (RFC 5322 §3.6.4) without angle brackets. It is the same for every attempt, so that a duplicate can be recognised.
    /// </summary>
    public static string MessageId(EmailOptions options, OutgoingMail mail) =>
        $"{mail.Id}@{Idn.GetAscii(new MailAddress(Sender(options)).Host)}";

    /// <summary>The recipient as a single bare address, because anything else could inject a header or another recipient.</summary>
    /// <exception cref="DeliveryException">The recipient is not a bare address.</exception>
    public static string Recipient(OutgoingMail mail) =>
        !mail.To.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)) && MailAddress.TryCreate(mail.To, out var address)
            && address.Address == mail.To
            ? mail.To
            : throw Permanent("recipient refused: it is not an address.");

    /// <summary>The subject without line breaks, because a line break would begin another header.</summary>
    public static string Subject(OutgoingMail mail) => string.Concat(mail.Subject.Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>RFC 4954 §6, 530 and 535.</summary>
    public static DeliveryException Authentication(SmtpOptions smtp) => Permanent(smtp.UserName is null
        ? $"{Server(smtp)}: authentication required, set Email:Smtp:UserName and Email:Smtp:Password."
        : $"{Server(smtp)}: authentication failed, check Email:Smtp:UserName and Email:Smtp:Password.");

    public static DeliveryException RecipientRefused(SmtpOptions smtp, int status) =>
        Refusal($"{Server(smtp)}: recipient refused with {Number(status)}.", status);

    /// <summary>RFC 6531 §3.6: the server does not support this address.</summary>
    public static DeliveryException RecipientBeyondAscii(SmtpOptions smtp) =>
        Permanent($"{Server(smtp)}: recipient refused, the server takes no addresses with letters beyond ASCII before the @ (SMTPUTF8).");

    public static DeliveryException Refused(SmtpOptions smtp, int status) =>
        Refusal($"{Server(smtp)}: message refused with {Number(status)}.", status);

    public static DeliveryException NotOffered(SmtpOptions smtp, string what) =>
        new($"{Server(smtp)}: the server does not offer {what}, check Email:Smtp:Port and Email:Smtp:Security.");

    public static DeliveryException NotSecured(SmtpOptions smtp, Exception cause) => new(
        $"{Server(smtp)}: no secure connection, check Email:Smtp:Host, Email:Smtp:Security and the server's certificate. "
            + $"({OneLine(cause.Message)})", cause);

    /// <summary>Failures below SMTP: of the network, of TLS, or because the server closed the connection.</summary>
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

    // RFC 5321 §4.2.1: a 5yz reply means that the client should not repeat the request, and a 4yz reply that it should.
    private static DeliveryException Refusal(string message, int status) => new(message) { IsPermanent = status is >= 500 and < 600 };

    private static DeliveryException Permanent(string message) => new(message) { IsPermanent = true };

    private static string Server(SmtpOptions smtp) => $"{smtp.Host}:{Number(smtp.Port)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string OneLine(string text) =>
        string.Join(' ', text.Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
