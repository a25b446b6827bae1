using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>Events and filters by chance, of a few kinds, purposes and people.</summary>
internal static class RandomActivity
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ActivityEventKind[] Kinds = [ActivityEventKind.Sent, ActivityEventKind.HandedOver, ActivityEventKind.WrongCode,
        ActivityEventKind.SignedIn, ActivityEventKind.Purged];
    private static readonly string[] Purposes = ["register", "login", ""];
    private static readonly string[] People = ["ann@example.com", "ben@example.com", "+447700900123", ""];

    /// <summary>Events come not in the order of time, and often at the same.</summary>
    public static ActivityEvent Event(SeededRandom random) => new()
    {
        At = Start.AddMinutes(random.Next(900)), Kind = random.Of(Kinds), Purpose = random.Of(Purposes), Address = random.Of(People),
    };

    public static ActivityFilter Filter(SeededRandom random)
    {
        var from = Start.AddMinutes(random.Next(600));
        return new ActivityFilter
        {
            Kind = random.Next(2) == 0 ? null : random.Of(Kinds),
            Purpose = random.Next(2) == 0 ? null : random.Of(Purposes),
            Addresses = random.Next(3) switch { 0 => [], 1 => [random.Of(People)], _ => [random.Of(People), random.Of(People)] },
            From = random.Next(2) == 0 ? null : from,
            To = random.Next(2) == 0 ? null : from.AddMinutes(random.Next(600)),
        };
    }
}
