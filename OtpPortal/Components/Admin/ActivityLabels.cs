using OtpPortal.Components.Controls;
using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Components.Admin;

/// <summary>What happened, in words.</summary>
public static class ActivityLabels
{
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
        { Kind: ActivityEventKind.Purged } => $"{DisplayFormat.Count(happened.Count ?? 0)} {happened.Detail}",
        { Delay: { } delay } => $"{DisplayFormat.Time(delay)} after it was sent",
        _ => happened.Detail,
    };
}
