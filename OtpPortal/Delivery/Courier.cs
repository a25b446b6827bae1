using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Delivery;

/// <summary>Makes one attempt to deliver one message, and returns the result.</summary>
internal sealed class Courier(
    Outbox outbox,
    MailRenderer renderer,
    IMailTransport mails,
    ITextTransport texts,
    IOptions<PortalOptions> portal,
    TimeProvider clock,
    ILogger<Courier> log)
{
    /// <summary>The timeout of one attempt. RFC 5321 §4.5.3.2 allows more, but nobody waits that long for a code.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(20);

    /// <param name="message">A message that the caller has claimed.</param>
    public async Task<DeliveryResult> DeliverAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (message.ExpiresAt <= clock.GetUtcNow())
        {
            return new DeliveryResult.Expired();
        }

        var code = outbox.UnprotectCode(message);
        if (message.Kind == MessageKind.Code && code is null)
        {
            return new DeliveryResult.Refused("Its code cannot be read: the keys beside the database were replaced.");
        }

        using var timeout = new CancellationTokenSource(AttemptTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await HandOverAsync(message, code, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult.Aborted();
        }
        catch (OperationCanceledException)
        {
            return new DeliveryResult.Failed($"No answer within {AttemptTimeout.TotalSeconds} s.", null);
        }
    }

    private OutgoingText Text(OutboxMessage message, string? code)
    {
        var words = renderer.PhoneText(message, code);
        var body = message.Channel == Channels.Sms
            ? SmsText.Sms(message, code, portal.Value.Host, words)
            : SmsText.WhatsApp(message, code, portal.Value.Host, words);
        return new OutgoingText(message.Channel, message.Recipient, body) { Purpose = message.Purpose, Code = code };
    }

    private async Task<DeliveryResult> HandOverAsync(OutboxMessage message, string? code, CancellationToken cancellationToken)
    {
        try
        {
            await (message.Channel == Channels.Email
                ? mails.SendAsync(await renderer.RenderAsync(message, code), cancellationToken)
                : texts.SendAsync(Text(message, code), cancellationToken));
            return new DeliveryResult.HandedOver();
        }
        catch (DeliveryException failure)
        {
            return failure.IsPermanent
                ? new DeliveryResult.Refused(failure.Message)
                : new DeliveryResult.Failed(failure.Message, failure.RetryAfter);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A bug must not end the worker, and a later version may deliver the message.
            log.LogError(failure, "Message {Id} could not be made or sent", message.Id);
            return new DeliveryResult.Failed("A fault of the portal; the log has it.", null);
        }
    }
}
