using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Tests.Admin;

/// <summary>The statistics the slow way: every event is looked at.</summary>
internal static class ReferenceStatistics
{
    public static Figures Of(IEnumerable<ActivityEvent> events)
    {
        var all = events.Where(one => one.Purpose.Length > 0).ToList();
        return new Figures
        {
            Sent = Count(ActivityEventKind.Sent),
            Delivered = Count(ActivityEventKind.HandedOver),
            Verified = Count(ActivityEventKind.Verified),
            DecoySent = Count(ActivityEventKind.DecoySent),
            DeliveryFailed = Count(ActivityEventKind.DeliveryFailed),
            DeliveryExpired = Count(ActivityEventKind.DeliveryExpired),
            WrongCodes = Count(ActivityEventKind.WrongCode),
            LateCodes = Count(ActivityEventKind.ExpiredCode) + Count(ActivityEventKind.NoCode) + Count(ActivityEventKind.EarlierCode),
            Locks = Count(ActivityEventKind.Locked),
            RefusedByCooldown = Count(ActivityEventKind.RefusedByCooldown),
            RefusedByCap = Count(ActivityEventKind.RefusedByCap),
            RefusedByLock = Count(ActivityEventKind.RefusedByLock),
            DeliveryMedianMs = Percentile(all, ActivityEventKind.HandedOver, 0.5),
            Delivery95Ms = Percentile(all, ActivityEventKind.HandedOver, 0.95),
            VerifyMedianMs = Percentile(all, ActivityEventKind.Verified, 0.5),
            Verify95Ms = Percentile(all, ActivityEventKind.Verified, 0.95),
        };

        long Count(ActivityEventKind kind) => all.Count(one => one.Kind == kind);
    }

    public static List<FiguresOfDomain> Domains(IEnumerable<ActivityEvent> events) => [.. events
        .Where(one => one.Purpose.Length > 0 && one.Channel is "" or "email" && one.Address.Contains('@', StringComparison.Ordinal))
        .GroupBy(one => one.Address.Split('@')[1])
        .Select(domain => new FiguresOfDomain(
            domain.Key,
            domain.Count(one => one.Kind == ActivityEventKind.Sent),
            domain.Count(one => one.Kind == ActivityEventKind.HandedOver),
            domain.Count(one => one.Kind == ActivityEventKind.DeliveryFailed),
            domain.Count(one => one.Kind == ActivityEventKind.Verified),
            Percentile(domain, ActivityEventKind.Verified, 0.5)))
        .Where(domain => domain.Sent > 0)
        .OrderByDescending(domain => domain.Sent).ThenBy(domain => domain.Domain, StringComparer.Ordinal)
        .Take(20)];

    // Sorted and counted off, and only then told as the longest time of its bucket.
    private static double? Percentile(IEnumerable<ActivityEvent> events, ActivityEventKind kind, double share)
    {
        var delays = events.Where(one => one.Kind == kind).Select(one => one.Delay!.Value).Order().ToList();
        return delays.Count == 0
            ? null
            : DelayBuckets.Longest(DelayBuckets.Of(delays[(int)Math.Ceiling(delays.Count * share) - 1])).TotalMilliseconds;
    }
}
