using Microsoft.Extensions.Options;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Delivery;

/// <summary>The section <c>Portal</c> of the configuration.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>
    /// The portal's public address, like <c>https://portal.example.com</c>. Texts to phones contain it, and phones fill in a code only on
    /// this site, so it is never taken from a request. Default <c>http://localhost</c>; required if texts are sent.
    /// </summary>
    public string? Address { get; init; }

    /// <see cref="Address"/> or its default, without a trailing slash.
    public string PublicAddress => string.IsNullOrWhiteSpace(Address) ? "http://localhost" : Address.TrimEnd('/');

    public string Host => Uri.TryCreate(Address, UriKind.Absolute, out var address) ? address.IdnHost : "localhost";
}

/// <summary>Refuses to send texts whose code a phone cannot fill in.</summary>
internal sealed class PortalOptionsValidator(IOptions<TwilioOptions> twilio) : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        const string Allowed = "Allowed: the portal's public address, like https://portal.example.com.";
        if (string.IsNullOrWhiteSpace(options.Address))
        {
            return TwilioOptions.IsSet(twilio.Value.AccountSid)
                ? ValidateOptionsResult.Fail($"Portal:Address is not set, and texts to phones end with it. {Allowed}")
                : ValidateOptionsResult.Success;
        }

        return Uri.TryCreate(options.Address, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            && address.Host.Length > 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Portal:Address is \"{options.Address}\". {Allowed}");
    }
}
