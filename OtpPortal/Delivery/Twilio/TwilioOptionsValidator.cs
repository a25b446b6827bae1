using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Twilio;

/// <summary>Refuses to start with an incomplete configuration of Twilio, so that every offered channel can work.</summary>
internal sealed class TwilioOptionsValidator(IHostEnvironment environment) : IValidateOptions<TwilioOptions>
{
    private const string AllOrNothing = "all of Twilio:AccountSid, Twilio:AuthToken and one or both of Twilio:From and "
        + "Twilio:WhatsAppFrom, or none of them";

    public ValidateOptionsResult Validate(string? name, TwilioOptions options)
    {
        var faults = new List<string>();
        CheckWhole(faults, options);
        if (TwilioOptions.IsSet(options.AccountSid) && !IsSid(options.AccountSid!, "AC"))
        {
            // The value may be the token, if somebody confused the two keys, so the message does not repeat it.
            faults.Add(
                $"Twilio:AccountSid has {options.AccountSid!.Length} characters that are no SID. Allowed: the account's SID, which is AC "
                    + "and letters and digits.");
        }

        Check(faults, "From", options.From, value => MobileNumber.IsE164(value) || IsService(value),
            "a number like +15005550006, or the SID of a Messaging Service, which is MG and letters and digits");
        Check(faults, "WhatsAppFrom", options.WhatsAppFrom, MobileNumber.IsE164, "a number like +15005550006, without \"whatsapp:\"");
        CheckBaseUrl(faults, options.BaseUrl);
        CheckCountries(faults, options);
        faults.AddRange(AllowedRangeAttribute.Faults(TwilioOptions.Section, options));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Whether the sender is a Messaging Service, which chooses the number itself.</summary>
    internal static bool IsService(string from) => IsSid(from, "MG");

    private void CheckWhole(List<string> faults, TwilioOptions options)
    {
        // In Development, a sender alone is enough, because the inbox captures the texts.
        if (environment.IsDevelopment() && !TwilioOptions.IsSet(options.AccountSid) && !TwilioOptions.IsSet(options.AuthToken))
        {
            return;
        }

        bool[] set = [TwilioOptions.IsSet(options.AccountSid), TwilioOptions.IsSet(options.AuthToken),
            TwilioOptions.IsSet(options.From) || TwilioOptions.IsSet(options.WhatsAppFrom)];
        if (set.Contains(true))
        {
            string[] keys = ["Twilio:AccountSid is", "Twilio:AuthToken is", "Twilio:From and Twilio:WhatsAppFrom are"];
            faults.AddRange(keys.Zip(set).Where(key => !key.Second).Select(key => $"{key.First} not set. Allowed: {AllOrNothing}."));
        }
    }

    private static void Check(List<string> faults, string key, string? value, Func<string, bool> isRight, string allowed)
    {
        if (TwilioOptions.IsSet(value) && !isRight(value!))
        {
            faults.Add($"Twilio:{key} is \"{value}\". Allowed: {allowed}.");
        }
    }

    private static void CheckCountries(List<string> faults, TwilioOptions options)
    {
        const string Allowed = "Allowed: calling codes like +44 or ISO codes like GB, separated by commas.";
        if (options.CountryList.Count == 0 && (TwilioOptions.IsSet(options.From) || TwilioOptions.IsSet(options.WhatsAppFrom)))
        {
            faults.Add(
                $"Twilio:Countries is not set, and texts to any number in the world could be asked for at the portal's cost. {Allowed}");
        }

        faults.AddRange(options.CountryList.Where(code => !CallingCodes.IsCallingCode(code) && !CallingCodes.IsCountry(code))
            .Select(code => $"Twilio:Countries has \"{code}\". {Allowed}"));
    }

    private void CheckBaseUrl(List<string> faults, string value)
    {
        // The token and the codes are sent to this address. Without TLS, they may only be sent within this machine, or where nothing is at
        // stake.
        var isUrl = Uri.TryCreate(value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
        if (!isUrl || (url!.UserInfo + url.Query + url.Fragment).Length > 0)
        {
            // The part before an @ may be a password.
            var shown = value.Contains('@', StringComparison.Ordinal) ? "has an @" : $"is \"{value}\"";
            faults.Add($"Twilio:BaseUrl {shown}. Allowed: an absolute URL without user, query and fragment, like https://api.twilio.com.");
        }
        else if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !environment.IsDevelopment())
        {
            faults.Add(
                $"Twilio:BaseUrl is \"{value}\". Allowed: a URL that begins with https://. Only in Development, or for this machine "
                    + "itself, may it be http://.");
        }
    }

    private static bool IsSid(string value, string kind) =>
        value.Length > kind.Length && value.StartsWith(kind, StringComparison.Ordinal) && value.All(char.IsAsciiLetterOrDigit);
}
