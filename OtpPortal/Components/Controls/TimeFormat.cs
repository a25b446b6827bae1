namespace OtpPortal.Components.Controls;

/// <summary>How much of a time is shown.</summary>
public enum TimeFormat
{
    /// <summary>Hours and minutes.</summary>
    Minutes,

    /// <summary>Hours, minutes and seconds.</summary>
    Seconds,

    /// <summary>The day of the week and of the month.</summary>
    Day,

    /// <summary>The date, and the time to the second.</summary>
    Moment,
}
