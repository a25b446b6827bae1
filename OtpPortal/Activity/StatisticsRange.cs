namespace OtpPortal.Activity;

/// <summary>
/// The range of time of a statistic: a number of bars of equal length, of which the last has just begun. The bars are aligned to the clock
/// (UTC), so that an event stays in its bar.
/// </summary>
/// <param name="Name">The name in URLs: <c>24h</c>.</param>
/// <param name="Label">The name on pages.</param>
/// <param name="BarSeconds">The length of a bar.</param>
/// <param name="Bars">The number of bars.</param>
internal sealed record StatisticsRange(string Name, string Label, int BarSeconds, int Bars)
{
    internal const int Minute = 60;
    internal const int Hour = 3600;
    internal const int Day = 86400;

    public static IReadOnlyList<StatisticsRange> All { get; } =
    [
        new("15m", "15 minutes", Minute, 15),
        new("1h", "1 hour", 5 * Minute, 12),
        new("24h", "24 hours", Hour, 24),
        new("7d", "7 days", 6 * Hour, 28),
        new("30d", "30 days", Day, 30),
    ];

    /// <summary>The range without a choice.</summary>
    public static StatisticsRange Default { get; } = All[2];

    /// <summary>The range of a name, or null.</summary>
    public static StatisticsRange? Of(string? name) => All.FirstOrDefault(range => range.Name == name);

    /// <summary>The longest span of totals that fits into a bar.</summary>
    internal int Span => BarSeconds % Day == 0 ? Day : BarSeconds % Hour == 0 ? Hour : Minute;

    /// <summary>The beginning of the range that ends now.</summary>
    public DateTimeOffset From(DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeSeconds((now.ToUnixTimeSeconds() / BarSeconds * BarSeconds) - ((long)(Bars - 1) * BarSeconds));
}
