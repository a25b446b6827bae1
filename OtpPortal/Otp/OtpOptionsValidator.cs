using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>Refuses rules that make codes weak or unusable.</summary>
internal sealed class OtpOptionsValidator : IValidateOptions<OtpOptions>
{
    public ValidateOptionsResult Validate(string? name, OtpOptions options)
    {
        var faults = AllowedRangeAttribute.Faults(OtpOptions.Section, options).ToList();
        faults.AddRange(
            from purpose in Enum.GetValues<Purpose>()
            let alphabet = options.For(purpose).Alphabet
            where !Enum.IsDefined(alphabet)
            select $"Otp:{purpose}:Alphabet is {alphabet}. Allowed: {string.Join(" or ", Enum.GetNames<Alphabet>())}.");

        // The message does not repeat the key, because it is a secret.
        if (options.HashKey is { Length: > 0 } key && !HashKey.TryParse(key, out _))
        {
            faults.Add($"Otp:HashKey has {key.Length} characters that are not base64 of at least {HashKey.MinBytes} bytes. "
                + "Allowed: the output of \"openssl rand -base64 32\", or nothing for a key file beside the database.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
