using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Twilio;

/// <summary>
/// How SMS and WhatsApp messages are sent: the section <c>Twilio</c> of the configuration. Without it neither is
/// offered.
/// </summary>
public sealed class TwilioOptions
{
    public const string Section = "Twilio";

    /// <summary>The account that sends, <c>AC…</c>. Default none.</summary>
    public string? AccountSid { get; init; }

    /// <summary>That account's secret.</summary>
    public string? AuthToken { get; init; }

    /// <summary>The number that SMS come from, in E.164, or a Messaging Service, <c>MG…</c>. Without it SMS is not offered.</summary>
    public string? From { get; init; }

    /// <summary>The number that WhatsApp messages come from, in E.164. Without it WhatsApp is not offered.</summary>
    public string? WhatsAppFrom { get; init; }

    /// <summary>Where the API is. Default Twilio itself.</summary>
    public string BaseUrl { get; init; } = "https://api.twilio.com";

    /// <summary>
    /// The countries whose numbers are sent a first code, separated by commas: calling codes like <c>+44</c> or ISO 3166 codes like
    /// <c>GB</c>. Required with a sender, because texts to some countries cost a hundred times as much as to others.
    /// </summary>
    public string Countries { get; init; } = "";

    /// <summary>Texts that the portal sends in a day at most; half of them to numbers that are not verified yet.</summary>
    [AllowedRange(2, 1_000_000)]
    public int TextsPerDay { get; init; } = 1000;

    /// <summary>Whether SMS can be offered.</summary>
    public bool SmsConfigured => AccountConfigured && IsSet(From);

    /// <summary>Whether WhatsApp can be offered.</summary>
    public bool WhatsAppConfigured => AccountConfigured && IsSet(WhatsAppFrom);

    internal IReadOnlyList<string> CountryList =>
        Countries.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private bool AccountConfigured => IsSet(AccountSid) && IsSet(AuthToken);

    // An environment variable that was emptied is one that is not set.
    internal static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);
}
