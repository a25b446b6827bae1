using System.Globalization;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;

namespace OtpPortal.Delivery.Twilio;

/// <summary>
/// Renders texts for phones. All characters are in GSM 03.38, so that 160 of them fit into one SMS. The texts fit with codes of six
/// characters and host names of up to 40.
/// </summary>
internal static class SmsText
{
    /// <summary>
    /// Renders an SMS. An SMS with a code ends with a line that lets phones fill in the code, on the portal's pages only.
    /// </summary>
    /// <param name="code">The unprotected code of the message.</param>
    /// <param name="host">The portal's own host name without port. It comes from the configuration and never from a request, which anybody
    /// can forge.</param>
    /// <param name="words">The text of a file that replaces the built-in text; null for the built-in one.</param>
    public static string Sms(OutboxMessage message, string? code, string host, string? words = null)
    {
        var name = Ascii(host);
        words ??= Text(message, code, name);
        return message.Kind == MessageKind.Code

            // https://wicg.github.io/sms-one-time-codes requires this to be the last line, without anything before it.
            ? $"{words}\n@{name} #{code}"
            : words;
    }

    /// <summary>
    /// Renders a WhatsApp message: the text of an SMS without its last line, which only SMS programs understand, and with the time and the
    /// browser of the request, for which an SMS has no room.
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
                $"You already have an account at {host}. Somebody tried to create another.\n"
                    + "Was this you? Sign in instead. If not, ignore this.",
            { Kind: MessageKind.PasswordChanged } =>
                string.Create(CultureInfo.InvariantCulture,
                    $"Your password at {host} was changed on {model.RequestedAt.UtcDateTime:d MMM yyyy 'at' HH:mm 'UTC'}.\n"
                        + $"Not you? Choose \"Forgot password\" there now."),
            { Kind: MessageKind.Code, Purpose: "register" } => WithCode("is your verification code", model),
            { Kind: MessageKind.Code, Purpose: "login" } => WithCode("is your sign-in code", model),
            { Kind: MessageKind.Code, Purpose: "forgot_password" } => WithCode("is your password reset code", model),
            _ => throw new InvalidOperationException($"There is no text for {message.Kind} {message.Purpose}."),
        };
    }

    private static string RequestedBy(MailModel model) => $"It was requested on {model.DescribeRequestedAt} from {model.RequestedFrom}.";

    private static string WithCode(string purpose, MailModel model) =>
        $"{model.Code} {purpose}.\nValid for {model.DescribeLifetime}. Do not share it.\nNot you? Ignore this message.";

    // Non-ASCII host names are written as browsers compare them, and nothing else than a host name gets into the line.
    private static string Ascii(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? throw new ArgumentException("The portal's host name is no host name.", nameof(host))
            : new UriBuilder(Uri.UriSchemeHttps, host).Uri.IdnHost;
}
