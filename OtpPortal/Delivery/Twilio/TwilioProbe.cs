using Microsoft.Extensions.Options;

namespace OtpPortal.Delivery.Twilio;

/// <summary>Asks Twilio for anything: whatever it answers, but a failure of its own, it is there.</summary>
public sealed class TwilioProbe(IHttpClientFactory clients, IOptions<TwilioOptions> options, Channels channels) : ITextProbe
{
    /// <inheritdoc/>
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
