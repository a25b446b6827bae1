using Microsoft.Extensions.Options;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Delivery;

/// <summary>The ways a code can travel, and which of them this portal offers.</summary>
public sealed class Channels(IOptions<TwilioOptions> twilio, IHostEnvironment environment)
{
    /// <summary>By mail, which is always offered.</summary>
    public const string Email = "email";

    /// <summary>As an SMS.</summary>
    public const string Sms = "sms";

    /// <summary>As a WhatsApp message.</summary>
    public const string WhatsApp = "whatsapp";

    /// <summary>What to tell who chose a way that is not offered.</summary>
    public const string NotOffered = "Codes cannot be sent over this channel. Choose another.";

    private readonly TwilioOptions twilio = twilio.Value;

    /// <summary>Whether texts are captured by the inbox: in Development, with a sender but no account at Twilio.</summary>
    public bool TextsAreCaptured => environment.IsDevelopment() && !TwilioOptions.IsSet(twilio.AccountSid);

    /// <summary>The channels to a phone that are offered.</summary>
    public IReadOnlyList<string> ToPhones =>
        [.. new[] { (Sms, twilio.From), (WhatsApp, twilio.WhatsAppFrom) }.Where(channel => TwilioOptions.IsSet(channel.Item2))
            .Select(channel => channel.Item1)];

    /// <summary>How a person is reached who named a mobile and no channel.</summary>
    public string DefaultForMobile => ToPhones.FirstOrDefault(Email);

    /// <summary>Whether a channel is offered.</summary>
    public bool Offers(string channel) => channel == Email || ToPhones.Contains(channel);
}
