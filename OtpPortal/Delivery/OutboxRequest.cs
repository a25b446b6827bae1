using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>A message to deliver.</summary>
/// <param name="Identifier">The address or mobile number that the message is about.</param>
public sealed record OutboxRequest(MessageKind Kind, Identifier Identifier)
{
    /// <summary>The purpose of the code or, if the message takes the place of a code, of the requested code.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code, if the message contains one.</summary>
    public string? Code { get; init; }

    public string Channel { get; init; } = Channels.Email;

    /// <summary>The recipient; null for the identifier itself.</summary>
    public Identifier? Recipient { get; init; }

    /// <summary>The browser family of the request, if it is known.</summary>
    public string? RequestedFrom { get; init; }

    /// <summary>The time after which the message is dropped instead of delivered.</summary>
    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Omits the code, so that no log contains it.</summary>
    public override string ToString() => $"{Kind} {Purpose}";
}
