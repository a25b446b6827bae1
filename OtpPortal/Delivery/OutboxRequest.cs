using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>A message to accept.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Identifier">Whom it is for.</param>
public sealed record OutboxRequest(MessageKind Kind, Identifier Identifier)
{
    /// <summary>The purpose of the code or, for a message in its place, of the code that was asked for.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code, for a message that carries one.</summary>
    public string? Code { get; init; }

    /// <summary>How it travels.</summary>
    public string Channel { get; init; } = Channels.Email;

    /// <summary>Where it goes; by default to the identifier itself.</summary>
    public Identifier? Recipient { get; init; }

    /// <summary>From what kind of browser it was asked for, if that is known.</summary>
    public string? RequestedFrom { get; init; }

    /// <summary>After this time it is dropped instead of delivered.</summary>
    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Without the code.</summary>
    public override string ToString() => $"{Kind} {Purpose}";
}
