using Microsoft.Extensions.Configuration;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>One field broken at a time: the message names the key, the value, and what is allowed.</summary>
public sealed class TwilioOptionsTests
{
    private static readonly (string Key, string Value)[] Whole =
    [
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"), ("AuthToken", "hunter2"), ("From", "+15005550006"),
            ("WhatsAppFrom", "+14155238886"),
        ("Countries", "GB"),
    ];

    [Fact]
    public void A_portal_without_Twilio_is_valid_and_offers_no_text_channel()
    {
        Assert.Empty(Faults("Production"));
        Assert.Empty(Faults("Production", ("AccountSid", ""), ("AuthToken", " "), ("From", ""), ("WhatsAppFrom", "")));
        Assert.Equal((false, false), Offered(("AccountSid", "")));
        Assert.Equal("https://api.twilio.com", new TwilioOptions().BaseUrl);
    }

    [Fact]
    public void Each_sender_of_Twilio_offers_its_channel()
    {
        Assert.Equal((true, true), Offered(Whole));
        Assert.Equal((true, false), Offered([.. Whole, ("WhatsAppFrom", "")]));
        Assert.Equal((false, true), Offered([.. Whole, ("From", "")]));
        Assert.Equal((false, false), Offered([.. Whole, ("AuthToken", "")]));
        Assert.Equal((false, false), Offered([.. Whole, ("AccountSid", "")]));
        Assert.Empty(Faults("Production", Whole));
        Assert.Empty(Faults("Production", [.. Whole, ("WhatsAppFrom", "")]));
        Assert.Empty(Faults("Production", [.. Whole, ("From", "")]));
        Assert.Empty(Faults("Production", [.. Whole, ("From", "MG0123456789abcdef0123456789abcdef")]));
    }

    [Theory]
    [InlineData("AccountSid", "Twilio:AccountSid is not set. Allowed: all of")]
    [InlineData("AuthToken", "Twilio:AuthToken is not set. Allowed: all of")]
    public void Incomplete_credentials_of_Twilio_are_refused(string key, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Faults("Development", [.. Whole, (key, "")])), StringComparison.Ordinal);

    [Fact]
    public void An_account_of_Twilio_without_a_sender_is_refused() =>
        Assert.StartsWith(
            "Twilio:From and Twilio:WhatsAppFrom are not set. Allowed: all of",
            Assert.Single(Faults("Development", [.. Whole, ("From", ""), ("WhatsAppFrom", "")])),
            StringComparison.Ordinal);

    [Fact]
    public void All_missing_settings_of_Twilio_are_named_at_once() => Assert.Equal(3, Faults("Production", ("From", "+15005550006")).Count);

    [Fact]
    public void A_sender_of_Twilio_and_its_countries_are_enough_in_Development() =>
        Assert.Empty(Faults("Development", ("From", "+15005550006"), ("Countries", "GB")));

    [Theory]
    [InlineData("From")]
    [InlineData("WhatsAppFrom")]
    public void A_sender_of_Twilio_needs_the_countries_that_it_sends_to(string sender)
    {
        const string Fault = "Twilio:Countries is not set, and texts to any number in the world could be asked for at the portal's cost. "
            + "Allowed: calling codes like +44 or ISO codes like GB";
        Assert.StartsWith(Fault, Assert.Single(Faults("Development", (sender, "+15005550006"))), StringComparison.Ordinal);
        Assert.StartsWith(Fault, Assert.Single(Faults("Production", [.. Whole, ("Countries", " , ")])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GB")]
    [InlineData("gb, ie ,+49")]
    [InlineData("+1")]
    [InlineData("+1242")]
    public void The_countries_of_Twilio_are_ISO_codes_and_calling_codes(string countries) =>
        Assert.Empty(Faults("Production", [.. Whole, ("Countries", countries)]));

    [Theory]
    [InlineData("AccountSid", "SK0123", "Twilio:AccountSid has 6 characters that are no SID. Allowed: the account's SID, which is AC")]
    [InlineData("AccountSid", "AC01/../23", "Twilio:AccountSid has 10 characters that are no SID. Allowed:")]
    [InlineData("AccountSid", "AC", "Twilio:AccountSid has 2 characters that are no SID. Allowed:")]
    [InlineData(
        "From", "15005550006", "Twilio:From is \"15005550006\". Allowed: a number like +15005550006, or the SID of a Messaging Service")]
    [InlineData("From", "+1 500 555 0006", "Twilio:From is \"+1 500 555 0006\". Allowed:")]
    [InlineData("From", "+05005550006", "Twilio:From is \"+05005550006\". Allowed:")]
    [InlineData("From", "+123456", "Twilio:From is \"+123456\". Allowed:")]
    [InlineData("From", "+1234567890123456", "Twilio:From is \"+1234567890123456\". Allowed:")]
    [InlineData("From", "Portal", "Twilio:From is \"Portal\". Allowed:")]
    [InlineData("From", "MG", "Twilio:From is \"MG\". Allowed:")]
    [InlineData("WhatsAppFrom", "whatsapp:+14155238886",
        "Twilio:WhatsAppFrom is \"whatsapp:+14155238886\". Allowed: a number like +15005550006, without")]
    [InlineData(
        "WhatsAppFrom", "MG0123456789abcdef0123456789abcdef", "Twilio:WhatsAppFrom is \"MG0123456789abcdef0123456789abcdef\". Allowed:")]
    [InlineData(
        "Countries", "GB,UK", "Twilio:Countries has \"UK\". Allowed: calling codes like +44 or ISO codes like GB, separated by commas.")]
    [InlineData("Countries", "44", "Twilio:Countries has \"44\". Allowed:")]
    [InlineData("Countries", "+", "Twilio:Countries has \"+\". Allowed:")]
    [InlineData("Countries", "+044", "Twilio:Countries has \"+044\". Allowed:")]
    [InlineData("Countries", "GB;FR", "Twilio:Countries has \"GB;FR\". Allowed:")]
    [InlineData("TextsPerDay", "1", "Twilio:TextsPerDay is 1. Allowed: 2 to 1000000.")]
    [InlineData("TextsPerDay", "1000001", "Twilio:TextsPerDay is 1000001. Allowed: 2 to 1000000.")]
    [InlineData("BaseUrl", "", "Twilio:BaseUrl is \"\". Allowed: an absolute URL")]
    [InlineData("BaseUrl", "api.twilio.com", "Twilio:BaseUrl is \"api.twilio.com\". Allowed:")]
    [InlineData("BaseUrl", "/twilio", "Twilio:BaseUrl is \"/twilio\". Allowed:")]
    [InlineData("BaseUrl", "ftp://api.twilio.com", "Twilio:BaseUrl is \"ftp://api.twilio.com\". Allowed:")]
    [InlineData("BaseUrl", "https://api.twilio.com?x", "Twilio:BaseUrl is \"https://api.twilio.com?x\". Allowed:")]
    [InlineData("BaseUrl", "https://api.twilio.com#x", "Twilio:BaseUrl is \"https://api.twilio.com#x\". Allowed:")]
    [InlineData("BaseUrl", "https://AC01:hunter2@api.twilio.com", "Twilio:BaseUrl has an @. Allowed:")]
    public void A_wrong_setting_of_Twilio_is_named_in_every_environment(string key, string value, string fault)
    {
        Assert.StartsWith(fault, Assert.Single(Faults("Development", [.. Whole, (key, value)])), StringComparison.Ordinal);
        Assert.StartsWith(fault, Assert.Single(Faults("Production", [.. Whole, (key, value)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://twilio.example.com")]
    [InlineData("http://10.0.0.7:8080")]
    public void The_token_of_Twilio_needs_HTTPS_outside_Development(string url)
    {
        Assert.Empty(Faults("Development", [.. Whole, ("BaseUrl", url)]));
        Assert.Equal(
            [$"Twilio:BaseUrl is \"{url}\". Allowed: a URL that begins with https://. Only in Development, or for this machine itself, "
                + "may it be http://."], Faults("Production", [.. Whole, ("BaseUrl", url)]));
    }

    [Theory]
    [InlineData("https://twilio.example.com/prefix")]
    [InlineData("http://localhost:4010")]
    [InlineData("http://127.0.0.1:4010")]
    [InlineData("http://[::1]:4010")]
    public void The_address_of_Twilio_may_have_HTTPS_or_be_this_machine(string url)
    {
        Assert.Empty(Faults("Development", [.. Whole, ("BaseUrl", url)]));
        Assert.Empty(Faults("Production", [.. Whole, ("BaseUrl", url)]));
    }

    [Theory]
    [InlineData("AccountSid", "")]
    [InlineData("AccountSid", "hunter2")]
    [InlineData("From", "broken")]
    [InlineData("BaseUrl", "https://hunter2@api.twilio.com")]
    public void The_token_of_Twilio_is_not_repeated(string key, string value) =>
        Assert.DoesNotContain("hunter2", string.Join('\n', Faults("Production", [.. Whole, (key, value)])), StringComparison.Ordinal);

    private static List<string> Faults(string environment, params (string Key, string Value)[] settings) =>
        [.. new TwilioOptionsValidator(new NamedEnvironment(environment)).Validate(null, Options(settings)).Failures ?? []];

    private static (bool Sms, bool WhatsApp) Offered(params (string Key, string Value)[] settings)
    {
        var options = Options(settings);
        return (options.SmsConfigured, options.WhatsAppConfigured);
    }

    private static TwilioOptions Options((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.AsEnumerable().Reverse().DistinctBy(setting => setting.Key)
        .Select(setting => KeyValuePair.Create($"Twilio:{setting.Key}", (string?)setting.Value)))
        .Build().GetSection(TwilioOptions.Section).Get<TwilioOptions>() ?? new TwilioOptions();
}
