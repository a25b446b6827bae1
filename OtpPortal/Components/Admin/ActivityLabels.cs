using OtpPortal.Components.Controls;
using OtpPortal.Data;
using OtpPortal.Delivery;

namespace OtpPortal.Components.Admin;

/// <summary>The parts of an event as text.</summary>
internal static class ActivityLabels
{
    public static string Channel(string channel) => channel switch
    {
        Channels.Email => "Mail",
        Channels.Sms => "SMS",
        Channels.WhatsApp => "WhatsApp",
        _ => channel,
    };

    /// <summary>The details of an event: count, delay, reason. Empty if there are none.</summary>
    public static string More(ActivityEvent happened) => happened switch
    {
        { Kind: ActivityEventKind.Purged } => $"{DisplayFormat.Count(happened.Count ?? 0)} {happened.Detail}",
        { Delay: { } delay } => $"{DisplayFormat.Time(delay)} after it was sent",
        _ => happened.Detail,
    };
}
