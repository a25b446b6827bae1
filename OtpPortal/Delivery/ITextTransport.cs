namespace OtpPortal.Delivery;

/// <summary>What carries a text to a phone: Twilio, or the development inbox.</summary>
public interface ITextTransport
{
    /// <summary>Hands a text over. Once this returns, the other side has accepted it.</summary>
    /// <exception cref="DeliveryException">It was not accepted; the message says why, and what to do.</exception>
    Task SendAsync(OutgoingText text, CancellationToken cancellationToken);
}

/// <summary>A text for a phone, rendered and ready.</summary>
/// <param name="Channel"><see cref="Channels.Sms"/> or <see cref="Channels.WhatsApp"/>.</param>
/// <param name="To">The recipient's number in E.164.</param>
/// <param name="Body">The text.</param>
public sealed record OutgoingText(string Channel, string To, string Body)
{
    /// <summary>The purpose of the code in it, if it carries one.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code in it, if it carries one; only the development inbox looks at it.</summary>
    public string? Code { get; init; }

    /// <summary>Without its content.</summary>
    public override string ToString() => Purpose is null ? Channel : $"{Channel} ({Purpose})";
}
