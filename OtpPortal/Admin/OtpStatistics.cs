using OtpPortal.Data;

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
    public required IReadOnlyList<string> Alarms { get; init; }
}

/// <summary>The stored codes of one purpose.</summary>
/// <param name="Purpose">Its name.</param>
/// <param name="Active">Those that can be redeemed now, as far as a stranger can tell: rows for addresses without an account are among them.</param>
/// <param name="Expired">Those that cannot, and wait for the purge.</param>
public sealed record CodesOfPurpose(string Purpose, long Active, long Expired);

/// <summary>What happened to codes in some time.</summary>
public sealed record Figures
{
    /// <summary>Codes sent: accepted together with their message.</summary>
    public long Sent { get; init; }

    /// <summary>Messages handed over to the mail server or to Twilio.</summary>
    public long Delivered { get; init; }

    /// <summary>Right codes entered.</summary>
    public long Verified { get; init; }

    /// <summary>Asked for where there is nobody to send a code to.</summary>
    public long SentNowhere { get; init; }

    /// <summary>Messages refused for good.</summary>
    public long DeliveryFailed { get; init; }

    /// <summary>Messages dropped because their time was over.</summary>
    public long DeliveryExpired { get; init; }

    /// <summary>Wrong codes entered.</summary>
    public long WrongCodes { get; init; }

    /// <summary>Codes entered too late, after a newer one was sent, or where none waits.</summary>
    public long LateCodes { get; init; }

    /// <summary>Failure budgets spent.</summary>
    public long Locks { get; init; }

    /// <summary>Sends refused because the last one was too recent.</summary>
    public long RefusedByCooldown { get; init; }

    /// <summary>Sends refused because the hour's or day's sends were used up.</summary>
    public long RefusedByCap { get; init; }

    /// <summary>Sends and codes refused because of a lock.</summary>
    public long RefusedByLock { get; init; }

    /// <summary>Half of the deliveries took at most these milliseconds from the sending; null without any.</summary>
    public double? DeliveryMedianMs { get; init; }

    /// <summary>95 of 100 deliveries took at most these milliseconds.</summary>
    public double? Delivery95Ms { get; init; }

    /// <summary>Half of the right codes were entered within these milliseconds from the sending; null without any.</summary>
    public double? VerifyMedianMs { get; init; }

    /// <summary>95 of 100 were.</summary>
    public double? Verify95Ms { get; init; }

    /// <summary>Delivered of sent, in per cent; null if none was sent.</summary>
    public double? DeliveredPercent => Percent(Delivered, Sent);

    /// <summary>Verified of sent, in per cent; null if none was sent.</summary>
    public double? VerifiedPercent => Percent(Verified, Sent);

    internal static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 1);
}

/// <summary>The figures of one purpose.</summary>
/// <param name="Purpose">Its name.</param>
/// <param name="Figures">What happened.</param>
public sealed record FiguresOfPurpose(string Purpose, Figures Figures);

/// <summary>The figures of one bar.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Figures">What happened in it.</param>
public sealed record FiguresOfBar(DateTimeOffset From, DateTimeOffset To, Figures Figures);

/// <summary>The figures of one mail domain.</summary>
/// <param name="Domain">What stands behind the @.</param>
/// <param name="Sent">Codes sent.</param>
/// <param name="Delivered">Messages handed over.</param>
/// <param name="Failed">Messages refused for good.</param>
/// <param name="Verified">Right codes entered.</param>
/// <param name="VerifyMedianMs">Half of them were entered within these milliseconds; null without any.</param>
public sealed record FiguresOfDomain(string Domain, long Sent, long Delivered, long Failed, long Verified, double? VerifyMedianMs)
{
    /// <summary>Verified of sent, in per cent; null if none was sent.</summary>
    public double? VerifiedPercent => Figures.Percent(Verified, Sent);

    /// <summary>
    /// Whether its people enter less than half as many of their codes as all others do. Compared with the others and not with the whole: a domain
    /// that has most of the people would hide itself in it.
    /// </summary>
    public bool IsFarBelowOthers(Figures whole)
    {
        var (sent, verified) = (whole.Sent - Sent, whole.Verified - Verified);
        return Sent >= OtpPortal.Admin.Alarms.EnoughToTell && sent >= OtpPortal.Admin.Alarms.EnoughToTell
            && 2.0 * Verified / Sent < (double)verified / sent;
    }
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">Messages.</param>
/// <param name="OldestSeconds">How long the oldest of them has waited; null if none waits.</param>
public sealed record QueueFigures(int Waiting, double? OldestSeconds);

/// <summary>Counts of events of one kind and delay, and what can be said of them.</summary>
internal sealed class Tally
{
    private readonly Dictionary<ActivityKind, SortedDictionary<int, long>> counts = [];

    public void Add(ActivityKind kind, int bucket, long count)
    {
        if (!counts.TryGetValue(kind, out var buckets))
        {
            counts[kind] = buckets = [];
        }

        buckets[bucket] = buckets.GetValueOrDefault(bucket) + count;
    }

    public long Of(ActivityKind kind) => counts.TryGetValue(kind, out var buckets) ? buckets.Values.Sum() : 0;

    /// <summary>The nearest-rank percentile: the shortest time that so many per cent do not exceed.</summary>
    public double? Percentile(ActivityKind kind, int percent)
    {
        var rank = (Of(kind) * percent + 99) / 100;
        foreach (var (bucket, count) in counts.GetValueOrDefault(kind) ?? [])
        {
            rank -= count;
            if (rank <= 0)
            {
                return DelayBuckets.Longest(bucket).TotalMilliseconds;
            }
        }

        return null;
    }

    public Figures ToFigures() => new()
    {
        Sent = Of(ActivityKind.Sent),
        Delivered = Of(ActivityKind.HandedOver),
        Verified = Of(ActivityKind.Verified),
        SentNowhere = Of(ActivityKind.SentNowhere),
        DeliveryFailed = Of(ActivityKind.DeliveryFailed),
        DeliveryExpired = Of(ActivityKind.DeliveryExpired),
        WrongCodes = Of(ActivityKind.WrongCode),
        LateCodes = Of(ActivityKind.ExpiredCode) + Of(ActivityKind.NoCode) + Of(ActivityKind.EarlierCode),
        Locks = Of(ActivityKind.Locked),
        RefusedByCooldown = Of(ActivityKind.RefusedByCooldown),
        RefusedByCap = Of(ActivityKind.RefusedByCap),
        RefusedByLock = Of(ActivityKind.RefusedByLock),
        DeliveryMedianMs = Percentile(ActivityKind.HandedOver, 50),
        Delivery95Ms = Percentile(ActivityKind.HandedOver, 95),
        VerifyMedianMs = Percentile(ActivityKind.Verified, 50),
        Verify95Ms = Percentile(ActivityKind.Verified, 95),
    };
}
