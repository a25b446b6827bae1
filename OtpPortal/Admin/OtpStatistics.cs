using System.Text.Json.Serialization;
using OtpPortal.Activity;

namespace OtpPortal.Admin;

/// <summary>The statistics of codes, for administrators.</summary>
/// <param name="Range">The range, like <c>24h</c>.</param>
/// <param name="From">When the range begins.</param>
/// <param name="At">When the statistics were counted, which is the end of the range.</param>
public sealed record OtpStatistics(string Range, DateTimeOffset From, DateTimeOffset At)
{
    /// <summary>Codes that can be redeemed now.</summary>
    public long ActiveCodes => Codes.Sum(codes => codes.Active);

    /// <summary>Codes that have expired or were redeemed, and wait for the purge.</summary>
    public long ExpiredCodes => Codes.Sum(codes => codes.Expired);

    /// <summary>The stored codes by purpose.</summary>
    public required IReadOnlyList<CodesOfPurpose> Codes { get; init; }

    /// <summary>The figures of the whole range.</summary>
    public required Figures Total { get; init; }

    /// <summary>The figures by purpose.</summary>
    public required IReadOnlyList<FiguresOfPurpose> ByPurpose { get; init; }

    /// <summary>The figures by time, in bars of equal length, the oldest first.</summary>
    public required IReadOnlyList<FiguresOfBar> Bars { get; init; }

    /// <summary>The mail domains to which most codes were sent.</summary>
    public required IReadOnlyList<FiguresOfDomain> Domains { get; init; }

    /// <summary>The messages that wait to be delivered now.</summary>
    public required QueueFigures Queue { get; init; }

    /// <summary>What needs an administrator's attention, in sentences, the most serious first.</summary>
    [JsonPropertyName("alarms")]
    public required IReadOnlyList<string> Alerts { get; init; }
}

/// <summary>The stored codes of one purpose.</summary>
/// <param name="Purpose">The name of the purpose.</param>
/// <param name="Active">Codes that can be redeemed now. Rows for addresses without an account are included, because they look the
/// same.</param>
/// <param name="Expired">Codes that can no longer be redeemed, and wait for the purge.</param>
public sealed record CodesOfPurpose(string Purpose, long Active, long Expired);
