using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>The channel against a server that speaks as Twilio does.</summary>
public sealed class TwilioChannelTests : TwilioChannelTest
{
    [Fact]
    public async Task An_SMS_is_one_form_post_with_the_accounts_credentials()
    {
        await SendAsync(Sms);

        var request = Assert.Single(twilio.Requests);
        Assert.Equal(("POST", $"/2010-04-01/Accounts/{FakeTwilio.AccountSid}/Messages.json"), (request.Method, request.Target));
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FakeTwilio.AccountSid}:{FakeTwilio.AuthToken}")),
            request.Authorization);
        Assert.Equal(new Dictionary<string, string> { ["To"] = Number, ["From"] = FakeTwilio.From, ["Body"] = Body }, request.Fields);
    }

    [Fact]
    public async Task A_WhatsApp_message_names_WhatsApp_for_sender_and_recipient()
    {
        await SendAsync(Sms with { Channel = Channels.WhatsApp });

        var fields = Assert.Single(twilio.Requests).Fields;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["To"] = "whatsapp:" + Number,
                ["From"] = "whatsapp:" + FakeTwilio.WhatsAppFrom,
                ["Body"] = Body,
            }, fields);
    }

    [Fact]
    public async Task A_Messaging_Service_chooses_the_number_itself()
    {
        await using var other = NewServices(("Twilio:From", "MG0123456789abcdef0123456789abcdef"));

        await other.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        var fields = Assert.Single(twilio.Requests).Fields;
        Assert.Equal("MG0123456789abcdef0123456789abcdef", fields["MessagingServiceSid"]);
        Assert.DoesNotContain("From", fields.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/twilio")]
    [InlineData("/twilio/")]
    public async Task The_base_address_of_Twilio_may_have_a_path(string path)
    {
        await using var other = NewServices(("Twilio:BaseUrl", twilio.BaseUrl + path));

        await other.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        Assert.Equal(
            $"{path.TrimEnd('/')}/2010-04-01/Accounts/{FakeTwilio.AccountSid}/Messages.json", Assert.Single(twilio.Requests).Target);
    }

    [Theory]
    [InlineData(Channels.Sms, "Twilio:From")]
    [InlineData(Channels.WhatsApp, "Twilio:WhatsAppFrom")]
    [InlineData("email", "Twilio:Nothing")]
    public async Task A_channel_of_Twilio_that_is_not_configured_sends_nothing(string channel, string key)
    {
        await using var other = NewServices((key, ""));

        var failure = await Assert.ThrowsAsync<DeliveryException>(() => other.GetRequiredService<TwilioChannel>()
            .SendAsync(Sms with { Channel = channel }, Cancel));

        Assert.True(failure.IsPermanent);
        Assert.Empty(twilio.Requests);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("")]
    public async Task A_message_accepted_by_Twilio_is_accepted_whatever_the_body_says(string body)
    {
        twilio.Answer = http => FakeTwilio.Write(http, 201, body, "text/html");

        await SendAsync(Sms);
    }

    [Fact]
    public async Task A_message_accepted_by_Twilio_is_accepted_even_if_the_body_never_ends()
    {
        twilio.Answer = async http =>
        {
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync("{");
            await http.Response.Body.FlushAsync();
            await FakeTwilio.Silence(http);
        };

        await SendAsync(Sms).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public void A_text_message_never_prints_its_content() => Assert.Equal("sms", Sms.ToString());

    [Fact]
    public async Task The_portal_registers_the_channels_of_Twilio()
    {
        await using var portal = new PortalHost();
        foreach (var (key, value) in twilio.Settings)
        {
            portal.With(key, value!);
        }

        await portal.Services.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        Assert.Single(twilio.Requests);
    }

    [Fact]
    public async Task An_incomplete_Twilio_and_a_misspelt_key_stop_the_start()
    {
        await using var half = NewServices(("Twilio:AuthToken", ""));
        await using var misspelt = NewServices(("Twilio:AuthTokn", "x"));

        Assert.Contains("Twilio:AuthToken is not set",
            Assert.Throws<OptionsValidationException>(half.GetRequiredService<IStartupValidator>().Validate).Message,
                StringComparison.Ordinal);
        Assert.StartsWith(
            "Twilio:AuthTokn means nothing. Allowed in Twilio: AccountSid, AuthToken, From, WhatsAppFrom, BaseUrl, Countries, TextsPerDay.",
            Assert.Throws<StartupException>(misspelt.CheckConfiguration).Message,
            StringComparison.Ordinal);
    }
}
