using System.Globalization;

namespace OtpPortal.Components.Controls;

/// <summary>Times as people say them.</summary>
public static class Duration
{
    /// <summary>"45 seconds", "2 minutes", "23 hours": rounded up, because after it something is over.</summary>
    public static string Describe(TimeSpan time) => Math.Ceiling(time.TotalSeconds) switch
    {
        < 90 and var seconds => Count(Math.Max(seconds, 1), "second"),
        < 5400 => Count(Math.Ceiling(time.TotalMinutes), "minute"),
        _ => Count(Math.Ceiling(time.TotalHours), "hour"),
    };

    /// <summary>"1:05": minutes and seconds, as a countdown shows them.</summary>
    public static string Clock(TimeSpan time)
    {
        var seconds = (int)Math.Max(0, Math.Ceiling(time.TotalSeconds));
        return seconds < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }

    private static string Count(double count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
