using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Twilio;

/// <summary>The section <c>Twilio</c> of the configuration, for SMS and WhatsApp messages. Without it, neither is offered.</summary>
public sealed class TwilioOptions
{
    public const string Section = "Twilio";

    /// <summary>The id of the account, <c>AC…</c>. Default none.</summary>
    public string? AccountSid { get; init; }

    public string? AuthToken { get; init; }

    /// <summary>The sender of SMS: a number in E.164, or a Messaging Service, <c>MG…</c>. Without it, SMS is not offered.</summary>
    public string? From { get; init; }

    /// <summary>The sender of WhatsApp messages: a number in E.164. Without it, WhatsApp is not offered.</summary>
    public string? WhatsAppFrom { get; init; }

    /// <summary>The address of the API. Default Twilio's own.</summary>
    public string BaseUrl { get; init; } = "https://api.twilio.com";

    /// <summary>
    /// The countries to whose numbers a first code may be sent, separated by commas: calling codes like <c>+44</c> or ISO 3166 codes like
    /// <c>GB</c>. Required with a sender, because texts to some countries cost a hundred times as much as texts to others.
    /// </summary>
    public string Countries { get; init; } = "";

    /// <summary>The maximum number of texts in a day. At most half of them go to numbers that are not verified yet.</summary>
    [AllowedRange(2, 1_000_000)]
    public int TextsPerDay { get; init; } = 1000;

    public bool SmsConfigured => AccountConfigured && IsSet(From);

    public bool WhatsAppConfigured => AccountConfigured && IsSet(WhatsAppFrom);

    internal IReadOnlyList<string> CountryList =>
        Countries.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private bool AccountConfigured => IsSet(AccountSid) && IsSet(AuthToken);

    // An environment variable that is empty counts as not set.
    internal static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);
}
