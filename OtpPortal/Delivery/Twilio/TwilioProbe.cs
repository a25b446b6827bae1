using Microsoft.Extensions.Options;

namespace OtpPortal.Delivery.Twilio;

/// <summary>Sends a request to Twilio. Every response except a server error shows that Twilio is available.</summary>
internal sealed class TwilioProbe(IHttpClientFactory clients, IOptions<TwilioOptions> options, Channels channels) : ITextProbe
{
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (channels.TextsAreCaptured)
        {
            return;
        }

        using var response = await clients.CreateClient(TwilioChannel.Client)
            .GetAsync(new Uri(options.Value.BaseUrl), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if ((int)response.StatusCode >= 500)
        {
            throw new HttpRequestException($"Twilio answered {(int)response.StatusCode}.");
        }
    }
}
