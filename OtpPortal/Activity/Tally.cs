using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Counts of events by kind and delay, and the figures that follow from them.</summary>
internal sealed class Tally
{
    private readonly Dictionary<ActivityEventKind, SortedDictionary<int, long>> counts = [];

    public void Add(ActivityEventKind kind, int bucket, long count)
    {
        if (!counts.TryGetValue(kind, out var buckets))
        {
            counts[kind] = buckets = [];
        }

        buckets[bucket] = buckets.GetValueOrDefault(bucket) + count;
    }

    public long Of(ActivityEventKind kind) => counts.TryGetValue(kind, out var buckets) ? buckets.Values.Sum() : 0;

    /// <summary>The nearest-rank percentile: the shortest delay that this percentage does not exceed.</summary>
    public double? Percentile(ActivityEventKind kind, int percent)
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
        Sent = Of(ActivityEventKind.Sent),
        Delivered = Of(ActivityEventKind.HandedOver),
        Verified = Of(ActivityEventKind.Verified),
        DecoySent = Of(ActivityEventKind.DecoySent),
        DeliveryFailed = Of(ActivityEventKind.DeliveryFailed),
        DeliveryExpired = Of(ActivityEventKind.DeliveryExpired),
        WrongCodes = Of(ActivityEventKind.WrongCode),
        LateCodes = Of(ActivityEventKind.ExpiredCode) + Of(ActivityEventKind.NoCode) + Of(ActivityEventKind.EarlierCode),
        Locks = Of(ActivityEventKind.Locked),
        RefusedByCooldown = Of(ActivityEventKind.RefusedByCooldown),
        RefusedByCap = Of(ActivityEventKind.RefusedByCap),
        RefusedByLock = Of(ActivityEventKind.RefusedByLock),
        DeliveryMedianMs = Percentile(ActivityEventKind.HandedOver, 50),
        Delivery95Ms = Percentile(ActivityEventKind.HandedOver, 95),
        VerifyMedianMs = Percentile(ActivityEventKind.Verified, 50),
        Verify95Ms = Percentile(ActivityEventKind.Verified, 95),
    };
}
