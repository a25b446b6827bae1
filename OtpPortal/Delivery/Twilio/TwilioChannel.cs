using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace OtpPortal.Delivery.Twilio;

/// <summary>Hands SMS and WhatsApp messages to Twilio's Messages API. A call makes one attempt; the outbox repeats it.</summary>
internal sealed class TwilioChannel(IHttpClientFactory clients, IOptions<TwilioOptions> options, TimeProvider clock) : ITextTransport
{
    /// <summary>The name of the <see cref="HttpClient"/>.</summary>
    internal const string Client = "Twilio";

    /// <summary>The maximum size of a response in bytes. Twilio's responses have some hundred bytes.</summary>
    private const int LongestAnswer = 64 * 1024;

    private readonly TwilioOptions options = options.Value;

    /// <summary>Hands a text over. When this returns, Twilio has accepted it.</summary>
    /// <exception cref="DeliveryException">Twilio did not accept the text, or did not answer.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled by <paramref name="cancellationToken"/>. It is unknown whether
    /// Twilio accepted the text.</exception>
    public async Task SendAsync(OutgoingText text, CancellationToken cancellationToken)
    {
        using var request = Request(text);
        try
        {
            // The status is enough: a 201 response whose body is incomplete still means that the text was accepted.
            using var response = await clients.CreateClient(Client)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw TwilioErrors.Refused((int)response.StatusCode, await ErrorAsync(response, cancellationToken), RetryAfter(response));
            }
        }
        catch (Exception failure)
            when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw TwilioErrors.Connection(options, failure);
        }
    }

    private HttpRequestMessage Request(OutgoingText text)
    {
        var prefix = text.Channel switch
        {
            Channels.Sms when options.SmsConfigured => "",
            Channels.WhatsApp when options.WhatsAppConfigured => "whatsapp:",
            _ => throw new DeliveryException($"The channel {text.Channel} is not configured: see Twilio in the configuration.")
            {
                IsPermanent = true,
            },
        };
        var from = text.Channel == Channels.Sms ? options.From! : options.WhatsAppFrom!;
        return new HttpRequestMessage(
            HttpMethod.Post, $"{options.BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{options.AccountSid}/Messages.json")
        {
            Headers = { Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountSid}:{options.AuthToken}"))) },
            Content = new FormUrlEncodedContent(
            [
                new("To", prefix + text.To),
                new(TwilioOptionsValidator.IsService(from) ? "MessagingServiceSid" : "From", prefix + from),
                new("Body", text.Body),
            ]),
        };
    }

    // Only the number of Twilio's error is used, because its text repeats the recipient's number.
    private static async Task<int?> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number) ? number : null;
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException)
        {
            // The body is not Twilio's or is incomplete, so only the status is used.
            return null;
        }
    }

    // RFC 9110 §10.2.3 allows seconds or a date.
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var pause = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
