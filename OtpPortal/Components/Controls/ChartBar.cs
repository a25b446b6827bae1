namespace OtpPortal.Components.Controls;

/// <summary>One bar of <see cref="StackedBars"/>.</summary>
/// <param name="From">Where its time begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Parts">How high each part is, the lowest first.</param>
/// <param name="Figures">What is said of it.</param>
public sealed record ChartBar(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<long> Parts, IReadOnlyList<long> Figures);

/// <summary>A part of all bars.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Pattern">Its colour and pattern: <c>solid</c>, <c>hatched</c>, <c>dotted</c>, <c>crossed</c> or <c>strong</c>. None is told
/// by its colour alone.</param>
public sealed record ChartPart(string Name, string Pattern);

/// <summary>How the times of bars are told.</summary>
public enum ChartTimes
{
    /// <summary>Bars of minutes or hours within a day: 14:00.</summary>
    Clock,

    /// <summary>Bars of hours within a week: Sat 21, 14:00.</summary>
    Week,

    /// <summary>Bars of whole days, in UTC as they are counted: 21 Nov.</summary>
    Days,
}
