using OtpPortal.Admin;
using OtpPortal.Data;

namespace OtpPortal.Tests.Admin;

/// <summary>The statistics the slow way: every event is looked at.</summary>
internal static class Recount
{
    public static Figures Of(IEnumerable<ActivityEvent> events)
    {
        var all = events.Where(one => one.Purpose.Length > 0).ToList();
        return new Figures
        {
            Sent = Count(ActivityKind.Sent),
            Delivered = Count(ActivityKind.HandedOver),
            Verified = Count(ActivityKind.Verified),
            SentNowhere = Count(ActivityKind.SentNowhere),
            DeliveryFailed = Count(ActivityKind.DeliveryFailed),
            DeliveryExpired = Count(ActivityKind.DeliveryExpired),
            WrongCodes = Count(ActivityKind.WrongCode),
            LateCodes = Count(ActivityKind.ExpiredCode) + Count(ActivityKind.NoCode) + Count(ActivityKind.EarlierCode),
            Locks = Count(ActivityKind.Locked),
            RefusedByCooldown = Count(ActivityKind.RefusedByCooldown),
            RefusedByCap = Count(ActivityKind.RefusedByCap),
            RefusedByLock = Count(ActivityKind.RefusedByLock),
            DeliveryMedianMs = Percentile(all, ActivityKind.HandedOver, 0.5),
            Delivery95Ms = Percentile(all, ActivityKind.HandedOver, 0.95),
            VerifyMedianMs = Percentile(all, ActivityKind.Verified, 0.5),
            Verify95Ms = Percentile(all, ActivityKind.Verified, 0.95),
        };

        long Count(ActivityKind kind) => all.Count(one => one.Kind == kind);
    }

    public static List<FiguresOfDomain> Domains(IEnumerable<ActivityEvent> events) => [.. events
        .Where(one => one.Purpose.Length > 0 && one.Channel is "" or "email" && one.Address.Contains('@', StringComparison.Ordinal))
        .GroupBy(one => one.Address.Split('@')[1])
        .Select(domain => new FiguresOfDomain(
            domain.Key,
            domain.Count(one => one.Kind == ActivityKind.Sent),
            domain.Count(one => one.Kind == ActivityKind.HandedOver),
            domain.Count(one => one.Kind == ActivityKind.DeliveryFailed),
            domain.Count(one => one.Kind == ActivityKind.Verified),
            Percentile(domain, ActivityKind.Verified, 0.5)))
        .Where(domain => domain.Sent > 0)
        .OrderByDescending(domain => domain.Sent).ThenBy(domain => domain.Domain, StringComparer.Ordinal)
        .Take(20)];

    // Sorted and counted off, and only then told as the longest time of its bucket.
    private static double? Percentile(IEnumerable<ActivityEvent> events, ActivityKind kind, double share)
    {
        var delays = events.Where(one => one.Kind == kind).Select(one => one.Delay!.Value).Order().ToList();
        return delays.Count == 0
            ? null
            : DelayBuckets.Longest(DelayBuckets.Of(delays[(int)Math.Ceiling(delays.Count * share) - 1])).TotalMilliseconds;
    }
}
