using System.Globalization;

namespace OtpPortal.Delivery.Twilio;

/// <summary>Texts for the administrator about Twilio's errors. They contain no number, no text and no token.</summary>
internal static class TwilioErrors
{
    /// <summary>The failure for an unsuccessful response.</summary>
    /// <param name="error">The number of Twilio's error (https://www.twilio.com/docs/api/errors), if the response has one.</param>
    /// <param name="retryAfter">The pause that Twilio requested.</param>
    public static DeliveryException Refused(int status, int? error, TimeSpan? retryAfter)
    {
        var answer = error is null
            ? string.Create(CultureInfo.InvariantCulture, $"{status}")
            : string.Create(CultureInfo.InvariantCulture, $"{status}, error {error}");
        return IsTransient(status, error)
            ? new DeliveryException($"Twilio cannot take the message now ({answer}).") { RetryAfter = retryAfter }
            : new DeliveryException($"{Reason(status, error)} ({answer}).") { IsPermanent = true };
    }

    public static DeliveryException Connection(TwilioOptions options, Exception cause) => new(
        $"Cannot connect to {new Uri(options.BaseUrl).Authority}, or the connection broke: check Twilio:BaseUrl and the network. "
            + $"({cause.Message})", cause);

    // The statuses are those of RFC 9110 §15.5.9 and RFC 6585 §4. The errors are too many requests, a full queue, maintenance and
    // WhatsApp's rate limit.
    private static bool IsTransient(int status, int? error) =>
        status is 408 or 429 or >= 500 || error is 20429 or 21611 or 21730 or 63018;

    private static string Reason(int status, int? error) => (status, error) switch
    {
        (401 or 403, _) or (_, 20003) => "Twilio refused the credentials, check Twilio:AccountSid and Twilio:AuthToken",
        (_, 21211 or 63024) => "Twilio refused the recipient: this is no valid number",
        (_, 21614) => "Twilio refused the recipient: the number is not that of a mobile phone",
        (_, 21610) => "Twilio refused the recipient: the number has unsubscribed from the portal's messages",
        (_, 21408 or 21612) =>
            "Twilio refused the recipient: the account may not send to that country or network, check its geographic permissions",
        (_, 21608) => "Twilio refused the recipient: a trial account sends only to numbers that were verified with Twilio",
        (_, 63003) => "Twilio refused the recipient: the number cannot be reached over WhatsApp",
        (_, 63015) => "Twilio refused the recipient: the number has not joined the WhatsApp sandbox",
        (_, 63016) => "WhatsApp refused a message that is not an approved template",
        (_, 21212 or 21603 or 21606 or 21659) => "Twilio refused the sender, check Twilio:From",
        (_, 63007) => "Twilio refused the sender, check Twilio:WhatsAppFrom",
        (404, _) => "Twilio does not know the account or the address, check Twilio:AccountSid and Twilio:BaseUrl",
        ( < 400, _) => "This answer is not from Twilio, check Twilio:BaseUrl",
        _ => "Twilio refused the message",
    };
}
