using System.Globalization;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;

namespace OtpPortal.Delivery.Twilio;

/// <summary>
/// Makes the text for a phone of an outbox row. Every character is one of GSM 03.38, so that up to 160 of them are one SMS, which
/// is so with codes of six characters and host names of up to 40.
/// </summary>
public static class SmsText
{
    /// <summary>
    /// The text of an SMS. One with a code ends with the line that lets phones fill the code in, on the portal's pages and nowhere
    /// else.
    /// </summary>
    /// <param name="message">The outbox row.</param>
    /// <param name="code">Its code, read out of it.</param>
    /// <param name="host">The portal's own host name without port: from the configuration, and never from a request, which anybody may have
    /// made.</param>
    /// <param name="words">What a file says in the place of the built-in words; null for these.</param>
    public static string Sms(OutboxMessage message, string? code, string host, string? words = null)
    {
        var name = Ascii(host);
        words ??= Text(message, code, name);
        return message.Kind == MessageKind.Code

            // https://wicg.github.io/sms-one-time-codes: the last line, at its very beginning.
            ? $"{words}\n@{name} #{code}"
            : words;
    }

    /// <summary>
    /// The text of a WhatsApp message: that of an SMS without its last line, which only SMS have a reader for, and with what an SMS of 160
    /// characters has no room for: when and from where the code was asked for.
    /// </summary>
    /// <inheritdoc cref="Sms"/>
    public static string WhatsApp(OutboxMessage message, string? code, string host, string? words = null) =>
        words ?? (message.Kind == MessageKind.Code
            ? $"{Text(message, code, Ascii(host))}\n{RequestedBy(MailModel.Of(message, code))}"
            : Text(message, code, Ascii(host)));

    private static string Text(OutboxMessage message, string? code, string host)
    {
        var model = MailModel.Of(message, code);
        return message switch
        {
            { Kind: MessageKind.AccountExists } =>
                $"You already have an account at {host}. Somebody tried to create another.\nWas this you? Sign in instead. If not, ignore this.",
            { Kind: MessageKind.PasswordChanged } =>
                string.Create(CultureInfo.InvariantCulture,
                    $"Your password at {host} was changed on {model.RequestedAt.UtcDateTime:d MMM yyyy 'at' HH:mm 'UTC'}.\nNot you? Choose \"Forgot password\" there now."),
            { Kind: MessageKind.Code, Purpose: "register" } => WithCode("is your verification code", model),
            { Kind: MessageKind.Code, Purpose: "login" } => WithCode("is your sign-in code", model),
            { Kind: MessageKind.Code, Purpose: "forgot_password" } => WithCode("is your password reset code", model),
            _ => throw new InvalidOperationException($"There is no text for {message.Kind} {message.Purpose}."),
        };
    }

    private static string RequestedBy(MailModel model) => $"It was requested on {model.DescribeRequestedAt} from {model.RequestedFrom}.";

    private static string WithCode(string purpose, MailModel model) =>
        $"{model.Code} {purpose}.\nValid for {model.DescribeLifetime}. Do not share it.\nNot you? Ignore this message.";

    // A name in letters of its own is written as the browser compares it, and nothing that is no name gets into the line.
    private static string Ascii(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? throw new ArgumentException("The portal's host name is no host name.", nameof(host))
            : new UriBuilder(Uri.UriSchemeHttps, host).Uri.IdnHost;
}
