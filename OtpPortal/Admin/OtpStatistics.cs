using System.Text.Json.Serialization;
using OtpPortal.Activity;

namespace OtpPortal.Admin;

/// <summary>What an administrator sees of the codes.</summary>
/// <param name="Range">Which range: <c>24h</c>.</param>
/// <param name="From">Where it begins.</param>
/// <param name="At">When this was counted; the range ends here.</param>
public sealed record OtpStatistics(string Range, DateTimeOffset From, DateTimeOffset At)
{
    /// <summary>Codes that can be redeemed now.</summary>
    public long ActiveCodes => Codes.Sum(codes => codes.Active);

    /// <summary>Codes that have expired or were redeemed, and wait for the purge.</summary>
    public long ExpiredCodes => Codes.Sum(codes => codes.Expired);

    /// <summary>Both by purpose.</summary>
    public required IReadOnlyList<CodesOfPurpose> Codes { get; init; }

    /// <summary>Everything in the range.</summary>
    public required Figures Total { get; init; }

    /// <summary>The same by purpose.</summary>
    public required IReadOnlyList<FiguresOfPurpose> ByPurpose { get; init; }

    /// <summary>The same by time: bars of equal length, the oldest first.</summary>
    public required IReadOnlyList<FiguresOfBar> Bars { get; init; }

    /// <summary>The mail domains to which most codes were sent.</summary>
    public required IReadOnlyList<FiguresOfDomain> Domains { get; init; }

    /// <summary>What waits to be delivered now.</summary>
    public required QueueFigures Queue { get; init; }

    /// <summary>What needs an administrator's attention, in words; the worst first.</summary>
    [JsonPropertyName("alarms")]
    public required IReadOnlyList<string> Alerts { get; init; }
}

/// <summary>The stored codes of one purpose.</summary>
/// <param name="Purpose">Its name.</param>
/// <param name="Active">Those that can be redeemed now, as far as a stranger can tell: rows for addresses without an account are among
/// them.</param>
/// <param name="Expired">Those that cannot, and wait for the purge.</param>
public sealed record CodesOfPurpose(string Purpose, long Active, long Expired);
