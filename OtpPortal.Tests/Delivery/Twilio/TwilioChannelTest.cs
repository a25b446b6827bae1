using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>The channels of Twilio, and a server that speaks as Twilio does.</summary>
public abstract class TwilioChannelTest : IAsyncLifetime
{
    private protected const string Number = "+447700900123";

    private protected const string Body = "123456 is your code & more: 100% + \"ümlaut\"\n@portal.example.com #123456";

    private protected static readonly OutgoingText Sms = new(Channels.Sms, Number, Body);

    private protected readonly TestClock clock = new();
    private protected FakeTwilio twilio = null!;
    private protected ServiceProvider services = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        twilio = await FakeTwilio.StartAsync();
        services = NewServices();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await twilio.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static void AssertKeepsSecrets(string said)
    {
        Assert.DoesNotContain(Number[1..], said, StringComparison.Ordinal);
        Assert.DoesNotContain("123456", said, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeTwilio.AuthToken, said, StringComparison.Ordinal);
    }

    private protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private protected async Task<DeliveryException> FailAsync(Func<HttpContext, Task> answer)
    {
        twilio.Answer = answer;
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => SendAsync(Sms));
        AssertKeepsSecrets(failure.ToString());
        return failure;
    }

    private protected Task SendAsync(OutgoingText message) => services.GetRequiredService<TwilioChannel>().SendAsync(message, Cancel);

    private protected ServiceProvider NewServices(params (string Key, string Value)[] changes)
    {
        var settings = twilio.Settings.Concat(changes.Select(change => KeyValuePair.Create(change.Key, (string?)change.Value)));
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection(settings.Reverse().DistinctBy(setting => setting.Key)).Build())
            .AddSingleton<IHostEnvironment>(new NamedEnvironment("Production"))
            .AddSingleton<TimeProvider>(clock)
            .AddTwilio()
            .BuildServiceProvider();
    }
}
