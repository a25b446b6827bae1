using OtpPortal.Components.Controls;
using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Components.Admin;

/// <summary>What happened, in words.</summary>
public static class ActivityWords
{
    /// <summary>The kinds as one chooses among them.</summary>
    public static IReadOnlyList<(string Name, ActivityKind[] Kinds)> Groups { get; } =
    [
        ("Sending", [
            ActivityKind.Sent, ActivityKind.SentNowhere, ActivityKind.RefusedByCooldown, ActivityKind.RefusedByCap, ActivityKind.RefusedByLock]),
        ("Delivery", [
            ActivityKind.HandedOver, ActivityKind.DeliveryRetried, ActivityKind.DeliveryFailed, ActivityKind.DeliveryExpired, ActivityKind.DeliverySuperseded]),
        ("Entering", [
            ActivityKind.Verified, ActivityKind.WrongCode, ActivityKind.EarlierCode, ActivityKind.ExpiredCode, ActivityKind.NoCode, ActivityKind.Locked]),
        ("Accounts", [
            ActivityKind.Registered, ActivityKind.RegisteredAgain, ActivityKind.SignedIn, ActivityKind.SessionContinued, ActivityKind.SignedOut, ActivityKind.WrongPassword,
            ActivityKind.RefreshTokenReused, ActivityKind.PasswordReset, ActivityKind.MobileVerified, ActivityKind.MobileMoved]),
        ("Administration", [
            ActivityKind.SessionsEnded, ActivityKind.Unlocked, ActivityKind.AccountDeleted, ActivityKind.AdminGranted, ActivityKind.AdminRevoked, ActivityKind.Purged]),
        ("Requests", [ActivityKind.RefusedAtEdge]),
    ];

    /// <summary>What happened.</summary>
    public static string Of(ActivityKind kind) => kind switch
    {
        ActivityKind.Sent => "Code sent",
        ActivityKind.SentNowhere => "Code sent nowhere",
        ActivityKind.RefusedByCooldown => "Refused: too soon",
        ActivityKind.RefusedByCap => "Refused: too many",
        ActivityKind.RefusedByLock => "Refused: locked",
        ActivityKind.HandedOver => "Delivered",
        ActivityKind.DeliveryRetried => "Delivery put off",
        ActivityKind.DeliveryFailed => "Delivery refused for good",
        ActivityKind.DeliveryExpired => "Too late to deliver",
        ActivityKind.DeliverySuperseded => "Not delivered: a newer code was sent",
        ActivityKind.Verified => "Code entered",
        ActivityKind.WrongCode => "Wrong code",
        ActivityKind.EarlierCode => "Earlier code entered",
        ActivityKind.ExpiredCode => "Expired code entered",
        ActivityKind.NoCode => "Code entered where none waits",
        ActivityKind.Locked => "Locked",
        ActivityKind.Registered => "Registered",
        ActivityKind.RegisteredAgain => "Registered again: has an account",
        ActivityKind.SignedIn => "Signed in",
        ActivityKind.SessionContinued => "Session continued",
        ActivityKind.RefreshTokenReused => "Refresh token used twice: session ended",
        ActivityKind.MobileMoved => "Mobile moved to another account",
        ActivityKind.SignedOut => "Signed out",
        ActivityKind.WrongPassword => "Wrong password",
        ActivityKind.PasswordReset => "New password set",
        ActivityKind.MobileVerified => "Mobile verified",
        ActivityKind.Purged => "Purged",
        ActivityKind.SessionsEnded => "Sessions ended",
        ActivityKind.Unlocked => "Unlocked",
        ActivityKind.AccountDeleted => "Account deleted",
        ActivityKind.AdminGranted => "Made an administrator",
        ActivityKind.AdminRevoked => "Administrator no more",
        ActivityKind.RefusedAtEdge => "Request refused",
        _ => kind.ToString(),
    };

    /// <summary>Whether somebody should look at it if there are many of them.</summary>
    public static bool IsTrouble(ActivityKind kind) => kind is
        ActivityKind.DeliveryRetried or ActivityKind.DeliveryFailed or ActivityKind.DeliveryExpired or ActivityKind.WrongCode
        or ActivityKind.WrongPassword or ActivityKind.RefreshTokenReused or ActivityKind.Locked or ActivityKind.RefusedByCap or ActivityKind.RefusedByLock
        or ActivityKind.RefusedAtEdge;

    /// <summary>How a code or message travels.</summary>
    public static string Channel(string channel) => channel switch
    {
        Channels.Email => "Mail",
        Channels.Sms => "SMS",
        Channels.WhatsApp => "WhatsApp",
        _ => channel,
    };

    /// <summary>What else there is to say of an event: how many, how late, why. Empty if nothing.</summary>
    public static string More(ActivityEvent happened) => happened switch
    {
        { Kind: ActivityKind.Purged } => $"{Readable.Count(happened.Count ?? 0)} {happened.Detail}",
        { Delay: { } delay } => $"{Readable.Time(delay)} after it was sent",
        _ => happened.Detail,
    };
}
