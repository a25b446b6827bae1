using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>How far the newest message of an address and purpose has come, as its page tells it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Retrying">Whether it waits for another try, after one that failed.</param>
/// <param name="Channel">How it travels.</param>
/// <param name="EndedAt">When it was handed over, refused or dropped.</param>
public sealed record DeliveryStatus(MessageState State, bool Retrying, string Channel, DateTimeOffset? EndedAt);
