using Microsoft.Extensions.Configuration;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

/// <summary>One field broken at a time: the message names the key, the value, and what is allowed.</summary>
public sealed class OtpOptionsTests
{
    [Fact]
    public void The_defaults_of_the_codes_are_valid() => Assert.Empty(Faults());

    [Theory]
    [InlineData("Register:CodeLength", "5", "6 to 20")]
    [InlineData("Login:CodeLength", "21", "6 to 20")]
    [InlineData("ForgotPassword:CodeLength", "-1", "6 to 20")]
    [InlineData("Login:Alphabet", "7", "Digits or DigitsAndLetters")]
    [InlineData("Register:Expiry", "00:10:01", "00:00:01 to 00:10:00")]
    [InlineData("Login:Expiry", "00:00:00", "00:00:01 to 00:10:00")]
    [InlineData("ForgotPassword:Expiry", "-00:05:00", "00:00:01 to 00:10:00")]
    [InlineData("Register:Cooldown", "-00:00:01", "00:00:00 to 01:00:00")]
    [InlineData("Login:Cooldown", "01:00:01", "00:00:00 to 01:00:00")]
    [InlineData("Login:MaxAttempts", "0", "1 to 5")]
    [InlineData("ForgotPassword:MaxAttempts", "6", "1 to 5")]
    [InlineData("Login:SendsPerHour", "0", "1 to 1000")]
    [InlineData("Register:SendsPerHour", "1001", "1 to 1000")]
    [InlineData("Login:SendsPerDay", "0", "1 to 10000")]
    [InlineData("Register:SendsPerDay", "10001", "1 to 10000")]
    [InlineData("FailureBudget", "0", "1 to 100")]
    [InlineData("FailureBudget", "101", "1 to 100")]
    [InlineData("LockFor", "00:00:59", "00:01:00 to 30.00:00:00")]
    [InlineData("LockFor", "31.00:00:00", "00:01:00 to 30.00:00:00")]
    [InlineData("PurgeInterval", "00:00:00", "00:00:01 to 1.00:00:00")]
    [InlineData("PurgeInterval", "1.00:00:01", "00:00:01 to 1.00:00:00")]
    public void A_wrong_setting_of_the_codes_is_named_with_its_value_and_what_is_allowed(string key, string value, string allowed) =>
        Assert.Equal([$"Otp:{key} is {value}. Allowed: {allowed}."], Faults((key, value)));

    [Theory]
    [InlineData("CodeLength", "6", "20")]
    [InlineData("Expiry", "00:00:01", "00:10:00")]
    [InlineData("Cooldown", "00:00:00", "01:00:00")]
    [InlineData("MaxAttempts", "1", "5")]
    [InlineData("SendsPerHour", "1", "1000")]
    [InlineData("SendsPerDay", "1", "10000")]
    public void The_ends_of_the_ranges_of_the_codes_are_allowed(string key, string least, string most)
    {
        Assert.Empty(Faults(($"Login:{key}", least)));
        Assert.Empty(Faults(($"Login:{key}", most)));
    }

    [Theory]
    [InlineData("hunter2hunter2hunter2")]
    [InlineData("c2hvcnQ=")]
    public void An_invalid_hash_key_is_refused_and_not_repeated(string key)
    {
        var fault = Assert.Single(Faults(("HashKey", key)));

        Assert.StartsWith($"Otp:HashKey has {key.Length} characters", fault, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", fault, StringComparison.Ordinal);
        Assert.DoesNotContain(key, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_hash_key_is_none() => Assert.Empty(Faults(("HashKey", "")));

    [Fact]
    public void A_valid_hash_key_is_accepted() => Assert.Empty(Faults(("HashKey", Convert.ToBase64String(new byte[32]))));

    [Fact]
    public void All_wrong_settings_of_the_codes_are_named_at_once() =>
        Assert.Equal(
            4, Faults(("Login:CodeLength", "1"), ("Register:Expiry", "1.00:00:00"), ("FailureBudget", "1000"), ("HashKey", "x")).Count);

    private static List<string> Faults(params (string Key, string Value)[] settings)
    {
        var options = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Otp:{setting.Key}", (string?)setting.Value)))
            .Build().GetSection(OtpOptions.Section).Get<OtpOptions>() ?? new OtpOptions();
        return [.. new OtpOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
