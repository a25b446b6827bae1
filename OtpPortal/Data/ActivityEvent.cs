using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>An event of the activity log. Rows are added and later purged, and never changed. They contain no code and no token.</summary>
public sealed class ActivityEvent
{
    /// <summary>Grows with every event, in the order in which they were committed.</summary>
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public ActivityEventKind Kind { get; init; }

    /// <summary>The purpose of the code, or empty.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The channel of the message, or empty.</summary>
    public string Channel { get; init; } = "";

    /// <summary>The normalised mail address or mobile number of the person, or empty.</summary>
    public string Address { get; init; } = "";

    /// <summary>The network address of the client, or empty if the portal itself caused the event.</summary>
    public string Client { get; init; } = "";

    /// <summary>The family of the browser, or empty.</summary>
    public string Browser { get; init; } = "";

    /// <summary>The machine that recorded the event.</summary>
    public string Node { get; init; } = "";

    /// <summary>The number that all events and log lines of one request share.</summary>
    public string Correlation { get; init; } = "";

    /// <summary>Milliseconds since the code was sent, for events that have a delay.</summary>
    public long? Delay { get; init; }

    /// <summary>The bucket of <see cref="Delay"/>, from which percentiles are computed.</summary>
    public int? Bucket { get; init; }

    /// <summary>The number of rows of a purge; null for other events.</summary>
    public int? Count { get; init; }

    /// <summary>More details for the administrator: why a delivery failed, who acted. Empty if there are none.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>The table of <see cref="ActivityEvent"/>.</summary>
internal sealed class ActivityEventConfiguration : IEntityTypeConfiguration<ActivityEvent>
{
    public void Configure(EntityTypeBuilder<ActivityEvent> builder)
    {
        builder.ToTable("Activity");
        builder.HasIndex(row => row.At);
        builder.HasIndex(row => new { row.Kind, row.Purpose, row.At });
        builder.HasIndex(row => new { row.Address, row.At });
    }
}

/// <summary>What happened. Stored by number: never renumber.</summary>
public enum ActivityEventKind
{
    /// <summary>A code was sent: accepted together with its message.</summary>
    Sent = 1,

    /// <summary>A code was requested, but there is nobody to send one to. Nothing is delivered.</summary>
    DecoySent = 2,

    /// <summary>A send was refused: the last one was too recent.</summary>
    RefusedByCooldown = 3,

    /// <summary>A send was refused: the hour's or day's sends are used up.</summary>
    RefusedByCap = 4,

    /// <summary>A send or a code was refused: the failure budget is spent.</summary>
    RefusedByLock = 5,

    /// <summary>A message was handed over to its channel.</summary>
    HandedOver = 6,

    /// <summary>A delivery failed and is tried again.</summary>
    DeliveryRetried = 7,

    /// <summary>A message was refused for good.</summary>
    DeliveryFailed = 8,

    /// <summary>A message was dropped: it had expired.</summary>
    DeliveryExpired = 9,

    /// <summary>A message was dropped: a newer code took its place.</summary>
    DeliverySuperseded = 10,

    /// <summary>The right code was entered.</summary>
    Verified = 11,

    /// <summary>A wrong code was entered.</summary>
    WrongCode = 12,

    /// <summary>An earlier code was entered.</summary>
    EarlierCode = 13,

    /// <summary>A code was entered after its expiry.</summary>
    ExpiredCode = 14,

    /// <summary>A code was entered, but none is waiting: it was never sent, was used, or had too many attempts.</summary>
    NoCode = 15,

    /// <summary>The failure budget was spent: address and purpose are locked.</summary>
    Locked = 16,

    /// <summary>A registration was accepted.</summary>
    Registered = 17,

    /// <summary>Somebody signed in.</summary>
    SignedIn = 18,

    /// <summary>Somebody signed out.</summary>
    SignedOut = 19,

    /// <summary>A wrong password was given, or one for an address without an account.</summary>
    WrongPassword = 20,

    /// <summary>A new password was set.</summary>
    PasswordReset = 21,

    /// <summary>A mobile number was verified.</summary>
    MobileVerified = 22,

    /// <summary>Rows were purged.</summary>
    Purged = 23,

    /// <summary>An administrator ended somebody's sessions.</summary>
    SessionsEnded = 24,

    /// <summary>An administrator lifted somebody's locks.</summary>
    Unlocked = 25,

    /// <summary>An administrator deleted an account.</summary>
    AccountDeleted = 26,

    /// <summary>An account was made an administrator's.</summary>
    AdminGranted = 27,

    /// <summary>An account stopped being an administrator's.</summary>
    AdminRevoked = 28,

    /// <summary>A registration of an address that already has an account was accepted. Its owner gets a mail.</summary>
    RegisteredAgain = 29,

    /// <summary>A request was refused at the edge: because of the client's limit, a form's token, its origin, or a missing right.</summary>
    RefusedAtEdge = 30,

    /// <summary>A verified mobile number was moved to another account, because its holder entered a code there.</summary>
    MobileMoved = 31,

    /// <summary>A refresh token was used twice, so that it was probably copied. Its session was ended.</summary>
    RefreshTokenReused = 32,

    /// <summary>The session of a program was continued with a refresh token.</summary>
    SessionContinued = 33,
}
