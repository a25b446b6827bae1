using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>A message that was accepted for delivery in the same transaction as what it tells about.</summary>
public sealed class OutboxMessage
{
    /// <summary>Grows with every message accepted.</summary>
    public long Id { get; set; }

    /// <summary>What the message is about.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>The purpose of the code, or null for a message without one.</summary>
    public string? Purpose { get; init; }

    /// <summary>How it travels: <c>email</c>, <c>sms</c> or <c>whatsapp</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The normalised address that the message belongs to: with the purpose, the key of its code.</summary>
    public required string Email { get; init; }

    /// <summary>Where it goes: a mail address, or a number in E.164.</summary>
    public required string Recipient { get; init; }

    /// <summary>From what kind of browser it was asked for, as in "Firefox on Windows"; null where that is not known.</summary>
    public string? RequestedFrom { get; init; }

    /// <summary>Which request it goes back to (<see cref="RequestContext.Correlation"/>).</summary>
    public string Correlation { get; init; } = "";

    /// <summary>The code under Data Protection; wiped as soon as the message needs it no more.</summary>
    public string? ProtectedCode { get; set; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From this instant on it is dropped instead of delivered.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it stands.</summary>
    public MessageState State { get; set; }

    /// <summary>Deliveries begun so far. Each has its number, by which who holds the message knows that it is still his.</summary>
    public int Tries { get; set; }

    /// <summary>Not before this instant is it tried (again).</summary>
    public DateTimeOffset NextTryAt { get; set; }

    /// <summary>
    /// Until then a worker holds the message, and no other takes it. If its node dies, the time runs out; null while nobody holds
    /// it.
    /// </summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Why the last delivery failed, in words for the administrator; null if none did.</summary>
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
    /// Goes nowhere: what an unknown address gets, so that accepting it takes the same statements. It has ended when it is accepted.
    /// </summary>
    Decoy = 1,

    /// <summary>Tells an account's owner that somebody tried to register the address again.</summary>
    AccountExists = 2,

    /// <summary>Tells an account's owner that its password was changed.</summary>
    PasswordChanged = 3,

    /// <summary>Tells an account's owner that somebody tried a wrong code several times.</summary>
    WrongCodes = 4,

    /// <summary>
    /// Tells an account's owner that its mobile number was moved to another account, because its holder entered a code there.
    /// </summary>
    MobileMoved = 5,
}

/// <summary>Where a message stands. Stored by number: never renumber.</summary>
public enum MessageState
{
    /// <summary>Accepted and not yet delivered.</summary>
    Waiting = 0,

    /// <summary>Handed over to the channel.</summary>
    HandedOver = 1,

    /// <summary>Dropped, because its time was over before it could be delivered.</summary>
    Expired = 2,

    /// <summary>Dropped, because a newer code took its place.</summary>
    Superseded = 3,

    /// <summary>Refused for good by the other side: trying again cannot help.</summary>
    Refused = 4,
}
