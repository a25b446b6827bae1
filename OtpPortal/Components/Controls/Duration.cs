using System.Globalization;
using OtpPortal.Hosting;

namespace OtpPortal.Components.Controls;

/// <summary>How long somebody has to wait, as text.</summary>
internal static class Duration
{
    /// <summary>"45 seconds", "2 minutes", "23 hours": rounded up, so that the time has passed for everybody who waits this long.</summary>
    public static string Describe(TimeSpan time) => time.CeilingSeconds() switch
    {
        < 90 and var seconds => Plural.Of(Math.Max(seconds, 1), "second"),
        < 5400 => Plural.Of(Math.Ceiling(time.TotalMinutes), "minute"),
        _ => Plural.Of(Math.Ceiling(time.TotalHours), "hour"),
    };

    /// <summary>"1:05": minutes and seconds, as a countdown shows them.</summary>
    public static string Clock(TimeSpan time)
    {
        var seconds = Math.Max(0, time.CeilingSeconds());
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }
}
