namespace OtpPortal.Delivery;

/// <summary>Sends texts to phones: to Twilio, or to the development inbox.</summary>
internal interface ITextTransport
{
    /// <summary>Hands a text over. When this returns, the server has accepted it.</summary>
    /// <exception cref="DeliveryException">The text was not accepted. The message says why, and what to do.</exception>
    Task SendAsync(OutgoingText text, CancellationToken cancellationToken);
}

/// <summary>A rendered text for a phone.</summary>
/// <param name="Channel"><see cref="Channels.Sms"/> or <see cref="Channels.WhatsApp"/>.</param>
/// <param name="To">The recipient's number in E.164.</param>
internal sealed record OutgoingText(string Channel, string To, string Body)
{
    /// <summary>The purpose of the code in the text, if it contains one.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code in the text, if it contains one. Only the development inbox uses it.</summary>
    public string? Code { get; init; }

    /// <summary>Omits the content, so that no log contains it.</summary>
    public override string ToString() => Purpose is null ? Channel : $"{Channel} ({Purpose})";
}
