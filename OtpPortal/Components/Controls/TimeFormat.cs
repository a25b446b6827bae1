namespace OtpPortal.Components.Controls;

/// <summary>The parts of a time that are shown.</summary>
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
