namespace OtpPortal.Components.Controls;

/// <summary>One bar of <see cref="StackedBars"/>.</summary>
/// <param name="From">The beginning of its time.</param>
/// <param name="To">The end of its time.</param>
/// <param name="Parts">The height of each part, the lowest first.</param>
/// <param name="Figures">The figures that are shown for it.</param>
public sealed record ChartBar(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<long> Parts, IReadOnlyList<long> Figures);

/// <summary>A part of all bars.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Pattern">Its colour and pattern: <c>solid</c>, <c>hatched</c>, <c>dotted</c>, <c>crossed</c> or <c>strong</c>. Colour is
/// never the only difference.</param>
public sealed record ChartPart(string Name, string Pattern);

/// <summary>The format of the times of bars.</summary>
public enum ChartTimes
{
    /// <summary>Bars of minutes or hours within a day: 14:00.</summary>
    Clock,

    /// <summary>Bars of hours within a week: Sat 21, 14:00.</summary>
    Week,

    /// <summary>Bars of whole days, in UTC as they are counted: 21 Nov.</summary>
    Days,
}
