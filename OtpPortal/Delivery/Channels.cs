using Microsoft.Extensions.Options;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Delivery;

/// <summary>The channels for codes, and which of them this portal offers.</summary>
public sealed class Channels(IOptions<TwilioOptions> twilio, IHostEnvironment environment)
{
    /// <summary>Mail, which is always offered.</summary>
    public const string Email = "email";

    public const string Sms = "sms";

    public const string WhatsApp = "whatsapp";

    /// <summary>The error for a person who chose a channel that is not offered.</summary>
    public const string NotOffered = "Codes cannot be sent over this channel. Choose another.";

    private readonly TwilioOptions twilio = twilio.Value;

    /// <summary>Whether the inbox captures texts: in Development, with a sender but without an account at Twilio.</summary>
    public bool TextsAreCaptured => environment.IsDevelopment() && !TwilioOptions.IsSet(twilio.AccountSid);

    /// <summary>The offered channels to a phone.</summary>
    public IReadOnlyList<string> ToPhones =>
        [.. new[] { (Sms, twilio.From), (WhatsApp, twilio.WhatsAppFrom) }.Where(channel => TwilioOptions.IsSet(channel.Item2))
            .Select(channel => channel.Item1)];

    /// <summary>The channel for a person who entered a mobile number and chose no channel.</summary>
    public string DefaultForMobile => ToPhones.FirstOrDefault(Email);

    public bool Offers(string channel) => channel == Email || ToPhones.Contains(channel);
}
