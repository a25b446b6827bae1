using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Otp;

/// <summary>Asks for a code.</summary>
/// <param name="Identifier">Whose code it is.</param>
/// <param name="Purpose">What the code is for.</param>
/// <param name="Binding">Who may redeem it.</param>
public sealed record SendRequest(Identifier Identifier, Purpose Purpose, Binding Binding)
{
    /// <summary>How the code travels: a channel of <c>Delivery/Channels</c>.</summary>
    public string Channel { get; init; } = Channels.Email;

    /// <summary>Where it goes; null for the identifier itself.</summary>
    public Identifier? Recipient { get; init; }

    /// <summary>Asks for a code that <paramref name="requester"/> may redeem.</summary>
    public SendRequest(Identifier identifier, Purpose purpose, Requester requester)
        : this(identifier, purpose, requester.Binding) => RequestedFrom = requester.Browser;

    /// <summary>
    /// What the address is told: a code, or, where nobody may get one, something else. Then the row takes
    /// the place of one that can be redeemed, and looks like it to everybody who asks.
    /// </summary>
    public MessageKind Message { get; init; } = MessageKind.Code;

    /// <summary>Limits that it counts against besides those of its identifier and mailbox.</summary>
    public IReadOnlyList<SendLimit> Limits { get; init; } = [];

    /// <summary>The address of the administrator who asks for it in the person's place, for the activity log; empty for nobody.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>From what kind of browser it is asked for, as in "Firefox on Windows"; null where that is not known.</summary>
    public string? RequestedFrom { get; init; }
}
