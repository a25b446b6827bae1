using System.Globalization;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// Refuses rules that would make codes weak or useless: every fault at once, each with its key, its value and what is
/// allowed.
/// </summary>
public sealed class OtpOptionsValidator : IValidateOptions<OtpOptions>
{
    public ValidateOptionsResult Validate(string? name, OtpOptions options)
    {
        var faults = new List<string>();
        foreach (var purpose in Enum.GetValues<Purpose>())
        {
            Check(faults, $"Otp:{purpose}", options.For(purpose));
        }

        // NIST SP 800-63B-4 §3.2.2: no more than 100 failed attempts in a row.
        Between(faults, "Otp:FailureBudget", options.FailureBudget, 1, 100);
        Between(faults, "Otp:LockFor", options.LockFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        Between(faults, "Otp:PurgeInterval", options.PurgeInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

        // The value is a secret: the only one that a message does not repeat.
        if (options.HashKey is { Length: > 0 } key && !HashKey.TryParse(key, out _))
        {
            faults.Add($"Otp:HashKey has {key.Length} characters that are not base64 of at least {HashKey.MinBytes} bytes. "
                + "Allowed: the output of \"openssl rand -base64 32\", or nothing for a key file beside the database.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(List<string> faults, string key, PurposeRules rules)
    {
        Between(faults, $"{key}:CodeLength", rules.CodeLength, 6, 20);
        if (!Enum.IsDefined(rules.Alphabet))
        {
            faults.Add(Fault($"{key}:Alphabet", rules.Alphabet, string.Join(" or ", Enum.GetNames<Alphabet>())));
        }

        // NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 6.5.5: never over ten minutes.
        Between(faults, $"{key}:Expiry", rules.Expiry, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Between(faults, $"{key}:Cooldown", rules.Cooldown, TimeSpan.Zero, TimeSpan.FromHours(1));
        Between(faults, $"{key}:MaxAttempts", rules.MaxAttempts, 1, 5);
        Between(faults, $"{key}:SendsPerHour", rules.SendsPerHour, 1, 1000);
        Between(faults, $"{key}:SendsPerDay", rules.SendsPerDay, 1, 10000);
    }

    private static void Between<T>(List<string> faults, string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            faults.Add(Fault(key, value, string.Create(CultureInfo.InvariantCulture, $"{least} to {most}")));
        }
    }

    private static string Fault<T>(string key, T value, string allowed) =>
        string.Create(CultureInfo.InvariantCulture, $"{key} is {value}. Allowed: {allowed}.");
}
