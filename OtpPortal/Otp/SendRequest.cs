using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Otp;

/// <summary>A request to send a code.</summary>
/// <param name="Identifier">The address or mobile number that the code belongs to.</param>
/// <param name="Binding">The browser or program that may redeem the code.</param>
public sealed record SendRequest(Identifier Identifier, Purpose Purpose, Binding Binding)
{
    /// <summary>The channel: a constant of <see cref="Channels"/>.</summary>
    public string Channel { get; init; } = Channels.Email;

    /// <summary>The recipient; null for the identifier itself.</summary>
    public Identifier? Recipient { get; init; }

    /// <summary>A request for a code that <paramref name="requester"/> may redeem.</summary>
    public SendRequest(Identifier identifier, Purpose purpose, Requester requester)
        : this(identifier, purpose, requester.Binding) => RequestedFrom = requester.Browser;

    /// <summary>
    /// The message to send: a code, or something else if nobody may get a code. In this case the row still replaces one that can be
    /// redeemed, and looks the same to everybody who reads its status.
    /// </summary>
    public MessageKind Message { get; init; } = MessageKind.Code;

    /// <summary>The limits that apply in addition to those of the identifier and its mailbox.</summary>
    public IReadOnlyList<SendLimit> Limits { get; init; } = [];

    /// <summary>
    /// The address of the administrator who requests the code on behalf of the person, for the activity log. Empty if the person requests
    /// it.
    /// </summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>The browser family of the request, like "Firefox on Windows". Null if it is not known.</summary>
    public string? RequestedFrom { get; init; }
}
