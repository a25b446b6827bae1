using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>A message, accepted for delivery in the transaction of the change that it reports.</summary>
public sealed class OutboxMessage
{
    /// <summary>Grows with every message.</summary>
    public long Id { get; set; }

    public MessageKind Kind { get; init; }

    /// <summary>The purpose of the code, or null for a message without one.</summary>
    public string? Purpose { get; init; }

    /// <summary><c>email</c>, <c>sms</c> or <c>whatsapp</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The normalised identifier of the person. With the purpose it is the key of the code.</summary>
    public required string Email { get; init; }

    /// <summary>The receiving mail address, or number in E.164.</summary>
    public required string Recipient { get; init; }

    /// <summary>The kind of browser that requested the message, like "Firefox on Windows"; null if it is unknown.</summary>
    public string? RequestedFrom { get; init; }

    /// <summary>The request that caused the message (<see cref="RequestContext.Correlation"/>).</summary>
    public string Correlation { get; init; } = "";

    /// <summary>The code under Data Protection. It is wiped when the message ends.</summary>
    public string? ProtectedCode { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time from which the message is dropped instead of delivered.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public MessageState State { get; set; }

    /// <summary>Deliveries that were begun. A worker compares the number to know whether it still holds the lease.</summary>
    public int Tries { get; set; }

    /// <summary>The earliest time of the next delivery.</summary>
    public DateTimeOffset NextTryAt { get; set; }

    /// <summary>
    /// The end of the lease of the worker that delivers the message; null without one. If the worker's node dies, the lease runs out.
    /// </summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>The reason of the last failure, for the administrator; null if no delivery failed.</summary>
    public string? LastError { get; set; }

    /// <summary>When <see cref="State"/> became final.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>The table of <see cref="OutboxMessage"/>.</summary>
internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("Outbox");
        builder.HasIndex(row => new { row.State, row.NextTryAt });
        builder.HasIndex(row => new { row.Email, row.Purpose });
    }
}

/// <summary>What a message is about. Stored by number: never renumber.</summary>
public enum MessageKind
{
    /// <summary>Carries a code.</summary>
    Code = 0,

    /// <summary>
    /// A decoy for an address to which nothing is sent: it takes the same statements, and has already ended when it is accepted.
    /// </summary>
    Decoy = 1,

    /// <summary>Notifies an account's owner that somebody tried to register the address again.</summary>
    AccountExists = 2,

    /// <summary>Notifies an account's owner that the password was changed.</summary>
    PasswordChanged = 3,

    /// <summary>Notifies an account's owner that somebody entered several wrong codes.</summary>
    WrongCodes = 4,

    /// <summary>
    /// Notifies an account's owner that the mobile number was moved to another account, because its holder entered a code there.
    /// </summary>
    MobileMoved = 5,
}

/// <summary>The state of a message. Stored by number: never renumber.</summary>
public enum MessageState
{
    /// <summary>Accepted and not yet delivered.</summary>
    Waiting = 0,

    /// <summary>Handed over to the channel.</summary>
    HandedOver = 1,

    /// <summary>Dropped, because it expired before it could be delivered.</summary>
    Expired = 2,

    /// <summary>Dropped, because a newer code took its place.</summary>
    Superseded = 3,

    /// <summary>Ended by a permanent failure: trying again cannot help.</summary>
    Refused = 4,
}
