using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Everything that the portal knows about one kind of event. A new kind needs one row in this table.</summary>
/// <param name="Kind">The number under which its events are stored.</param>
/// <param name="Key">The name in URLs, filters and exports. Never rename one.</param>
/// <param name="Group">The group in the list from which an administrator chooses.</param>
/// <param name="Label">What happened, as an administrator reads it.</param>
/// <param name="Metric">The metric that counts it.</param>
/// <param name="Outcome">The value of the metric's outcome attribute.</param>
/// <param name="IsTrouble">Whether the page marks the event as a problem.</param>
internal sealed record EventKind(
    ActivityEventKind Kind, string Key, EventGroup Group, string Label, EventMetric Metric = EventMetric.None, string Outcome = "",
        bool IsTrouble = false)
{
    /// <summary>The table of all kinds, in the order in which they are listed.</summary>
    public static IReadOnlyList<EventKind> All { get; } =
    [
        new(ActivityEventKind.Sent, "sent", EventGroup.Sending, "Code sent", EventMetric.Sends, "sent"),
        new(ActivityEventKind.DecoySent, "sentNowhere", EventGroup.Sending, "Code not sent: no account", EventMetric.Sends, "nowhere"),
        new(ActivityEventKind.RefusedByCooldown, "refusedByCooldown", EventGroup.Sending, "Refused: too soon", EventMetric.Sends,
            "cooldown"),
        new(ActivityEventKind.RefusedByCap, "refusedByCap", EventGroup.Sending, "Refused: too many", EventMetric.Sends, "cap",
            IsTrouble: true),
        new(ActivityEventKind.RefusedByLock, "refusedByLock", EventGroup.Sending, "Refused: locked",
            EventMetric.SendsOrVerifications, "locked", IsTrouble: true),

        new(ActivityEventKind.HandedOver, "handedOver", EventGroup.Delivery, "Delivered", EventMetric.Deliveries, "handed_over"),
        new(ActivityEventKind.DeliveryRetried, "deliveryRetried", EventGroup.Delivery, "Delivery will be retried",
            EventMetric.Deliveries, "retried", IsTrouble: true),
        new(ActivityEventKind.DeliveryFailed, "deliveryFailed", EventGroup.Delivery, "Delivery failed permanently",
            EventMetric.Deliveries, "failed", IsTrouble: true),
        new(ActivityEventKind.DeliveryExpired, "deliveryExpired", EventGroup.Delivery, "Expired before delivery",
            EventMetric.Deliveries, "expired", IsTrouble: true),
        new(ActivityEventKind.DeliverySuperseded, "deliverySuperseded", EventGroup.Delivery, "Not delivered: a newer code was sent",
            EventMetric.Deliveries, "superseded"),

        new(ActivityEventKind.Verified, "verified", EventGroup.Entering, "Code entered", EventMetric.Verifications, "verified"),
        new(ActivityEventKind.WrongCode, "wrongCode", EventGroup.Entering, "Wrong code", EventMetric.Verifications, "wrong",
            IsTrouble: true),
        new(ActivityEventKind.EarlierCode, "earlierCode", EventGroup.Entering, "Earlier code entered", EventMetric.Verifications,
            "earlier"),
        new(ActivityEventKind.ExpiredCode, "expiredCode", EventGroup.Entering, "Expired code entered", EventMetric.Verifications,
            "expired"),
        new(ActivityEventKind.NoCode, "noCode", EventGroup.Entering, "Code entered, but none was expected", EventMetric.Verifications,
            "none"),
        new(ActivityEventKind.Locked, "locked", EventGroup.Entering, "Locked", EventMetric.Locks, IsTrouble: true),

        new(ActivityEventKind.Registered, "registered", EventGroup.Accounts, "Registered", EventMetric.Registrations),
        new(ActivityEventKind.RegisteredAgain, "registeredAgain", EventGroup.Accounts, "Registered again: account exists"),
        new(ActivityEventKind.SignedIn, "signedIn", EventGroup.Accounts, "Signed in", EventMetric.SignIns, "signed_in"),
        new(ActivityEventKind.SessionContinued, "sessionContinued", EventGroup.Accounts, "Session continued"),
        new(ActivityEventKind.SignedOut, "signedOut", EventGroup.Accounts, "Signed out"),
        new(ActivityEventKind.WrongPassword, "wrongPassword", EventGroup.Accounts, "Wrong password",
            EventMetric.SignIns, "wrong_password", IsTrouble: true),
        new(ActivityEventKind.RefreshTokenReused, "refreshTokenReused", EventGroup.Accounts, "Refresh token used twice: session ended",
            IsTrouble: true),
        new(ActivityEventKind.PasswordReset, "passwordReset", EventGroup.Accounts, "New password set", EventMetric.PasswordResets),
        new(ActivityEventKind.MobileVerified, "mobileVerified", EventGroup.Accounts, "Mobile verified"),
        new(ActivityEventKind.MobileMoved, "mobileMoved", EventGroup.Accounts, "Mobile moved to another account"),

        new(ActivityEventKind.SessionsEnded, "sessionsEnded", EventGroup.Administration, "Sessions ended"),
        new(ActivityEventKind.Unlocked, "unlocked", EventGroup.Administration, "Unlocked"),
        new(ActivityEventKind.AccountDeleted, "accountDeleted", EventGroup.Administration, "Account deleted"),
        new(ActivityEventKind.AdminGranted, "adminGranted", EventGroup.Administration, "Administrator access granted"),
        new(ActivityEventKind.AdminRevoked, "adminRevoked", EventGroup.Administration, "Administrator access revoked"),
        new(ActivityEventKind.Purged, "purged", EventGroup.Administration, "Purged", EventMetric.PurgedRows),

        new(ActivityEventKind.RefusedAtEdge, "refusedAtEdge", EventGroup.Requests, "Request refused", IsTrouble: true),
    ];

    private static readonly Dictionary<ActivityEventKind, EventKind> ByKind = All.ToDictionary(kind => kind.Kind);

    private static readonly Dictionary<string, EventKind> ByKey = All.ToDictionary(kind => kind.Key, StringComparer.Ordinal);

    public static EventKind Of(ActivityEventKind kind) => ByKind[kind];

    /// <summary>The kind with a key, or null.</summary>
    public static EventKind? Find(string? key) => key is null ? null : ByKey.GetValueOrDefault(key);
}

/// <summary>The groups in which an administrator finds a kind of event.</summary>
internal enum EventGroup
{
    Sending,
    Delivery,
    Entering,
    Accounts,
    Administration,
    Requests,
}

/// <summary>The metric that counts an event.</summary>
internal enum EventMetric
{
    None,
    Sends,
    Verifications,

    /// <summary>A send if the event has a channel, otherwise an entered code.</summary>
    SendsOrVerifications,
    Locks,
    Deliveries,
    Registrations,
    SignIns,
    PasswordResets,
    PurgedRows,
}
