using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>What an administrator who turns on every log gets to see of an SMS: nothing.</summary>
public sealed class TwilioLogTests
{
    [Fact]
    public async Task No_log_of_Twilio_at_any_level_has_the_token_the_number_or_the_text()
    {
        using var logs = new CollectedLogs();
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = new PortalHost { Logs = logs, Configure = services => services.AddHttpClient("control") };
        foreach (var (key, value) in twilio.Settings)
        {
            portal.With(key, value!);
        }

        var channel = portal.Services.GetRequiredService<TwilioChannel>();
        var message = new OutgoingText(Channels.Sms, "+447700900123", "987654 is your sign-in code.");
        await channel.SendAsync(message, TestContext.Current.CancellationToken);
        twilio.Answer = FakeTwilio.Refuse(400, 21211);
        await Assert.ThrowsAsync<DeliveryException>(() => channel.SendAsync(message, TestContext.Current.CancellationToken));
        twilio.Answer = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<DeliveryException>(
            () => channel.SendAsync(message with { Channel = Channels.WhatsApp }, TestContext.Current.CancellationToken));

        // The test would pass without any logs: another client of the same factory shows that they are kept.
        twilio.Answer = FakeTwilio.Accept;
        using var control = portal.Services.GetRequiredService<IHttpClientFactory>().CreateClient("control");
        using var answer = await control.GetAsync(new Uri(twilio.BaseUrl + "/control"), TestContext.Current.CancellationToken);
        var said = string.Join('\n', logs.Lines.Select(line => line.Everything));
        Assert.Contains("/control", said, StringComparison.Ordinal);
        Assert.Contains("Request Headers", said, StringComparison.Ordinal);

        string[] secrets =
        [
            FakeTwilio.AuthToken, FakeTwilio.AccountSid, "447700900123", "987654", "is your sign-in code",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FakeTwilio.AccountSid}:{FakeTwilio.AuthToken}")),
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.OrdinalIgnoreCase));
    }
}
