using OtpPortal.Activity;
using OtpPortal.Admin;

namespace OtpPortal.Tests.Components;

/// <summary>Statistics for the tests of what is drawn.</summary>
internal static class SampleStatistics
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Figures None = new();

    public static readonly Figures Usual = new()
    {
        Sent = 200,
        Delivered = 190,
        Verified = 150,
        DeliveryFailed = 7,
        WrongCodes = 12,
        Locks = 1,
        RefusedByCooldown = 5,
        RefusedByCap = 3,
        RefusedByLock = 2,
        DeliveryMedianMs = 820,
        Delivery95Ms = 4200,
        VerifyMedianMs = 24_000,
        Verify95Ms = 80_000,
    };

    /// <summary>Statistics of a day with everything in its last hour.</summary>
    public static OtpStatistics Of(Figures whole, string range = "24h", string purpose = "register")
    {
        var chosen = StatisticsRange.Of(range)!;
        var from = chosen.From(Now);
        string[] purposes = ["register", "login", "forgot_password"];
        return new OtpStatistics(range, from, Now)
        {
            Total = whole,
            Codes = [.. purposes.Select(name => new CodesOfPurpose(name, 0, 0))],
            ByPurpose = [.. purposes.Select(name => new FiguresOfPurpose(name, name == purpose ? whole : None))],
            Bars = [.. Enumerable.Range(0, chosen.Bars).Select(bar => new FiguresOfBar(
                from.AddSeconds((double)bar * chosen.BarSeconds), from.AddSeconds((bar + 1.0) * chosen.BarSeconds),
                    bar == chosen.Bars - 1 ? whole : None))],
            Domains = [],
            Queue = new QueueFigures(0, null),
            Alerts = [],
        };
    }
}
