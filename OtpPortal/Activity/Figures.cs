using System.Text.Json.Serialization;

namespace OtpPortal.Activity;

/// <summary>What happened to codes in a period of time.</summary>
public sealed record Figures
{
    /// <summary>Codes sent: accepted together with their message.</summary>
    public long Sent { get; init; }

    /// <summary>Messages handed over to the mail server or to Twilio.</summary>
    public long Delivered { get; init; }

    /// <summary>Correct codes entered.</summary>
    public long Verified { get; init; }

    /// <summary>Requests for a code with nobody to send it to.</summary>
    [JsonPropertyName("sentNowhere")]
    public long DecoySent { get; init; }

    /// <summary>Messages refused permanently.</summary>
    public long DeliveryFailed { get; init; }

    /// <summary>Messages dropped because they expired.</summary>
    public long DeliveryExpired { get; init; }

    /// <summary>Wrong codes entered.</summary>
    public long WrongCodes { get; init; }

    /// <summary>Codes entered too late, after a newer one was sent, or without a code to redeem.</summary>
    public long LateCodes { get; init; }

    /// <summary>Failure budgets spent.</summary>
    public long Locks { get; init; }

    /// <summary>Sends refused because the last one was too recent.</summary>
    public long RefusedByCooldown { get; init; }

    /// <summary>Sends refused because the maximum of an hour or day was reached.</summary>
    public long RefusedByCap { get; init; }

    /// <summary>Sends and codes refused because of a lock.</summary>
    public long RefusedByLock { get; init; }

    /// <summary>The median time from sending to delivery, in milliseconds; null without deliveries.</summary>
    public double? DeliveryMedianMs { get; init; }

    /// <summary>The 95th percentile of the time from sending to delivery, in milliseconds; null without deliveries.</summary>
    public double? Delivery95Ms { get; init; }

    /// <summary>The median time from sending a code to entering it, in milliseconds; null without correct codes.</summary>
    public double? VerifyMedianMs { get; init; }

    /// <summary>The 95th percentile of the time from sending a code to entering it, in milliseconds; null without correct codes.</summary>
    public double? Verify95Ms { get; init; }

    /// <summary>Delivered messages in per cent of sent codes; null if none was sent.</summary>
    public double? DeliveredPercent => Percent(Delivered, Sent);

    /// <summary>Correct codes in per cent of sent codes; null if none was sent.</summary>
    public double? VerifiedPercent => Percent(Verified, Sent);

    internal static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 1);
}

/// <summary>The figures of one purpose.</summary>
/// <param name="Purpose">The name of the purpose.</param>
/// <param name="Figures">The figures.</param>
public sealed record FiguresOfPurpose(string Purpose, Figures Figures);

/// <summary>The figures of one bar.</summary>
/// <param name="From">When the bar begins.</param>
/// <param name="To">When the bar ends.</param>
/// <param name="Figures">The figures.</param>
public sealed record FiguresOfBar(DateTimeOffset From, DateTimeOffset To, Figures Figures);

/// <summary>The figures of one mail domain.</summary>
/// <param name="Domain">The part of the addresses after the @.</param>
/// <param name="Sent">Codes sent.</param>
/// <param name="Delivered">Messages handed over.</param>
/// <param name="Failed">Messages refused permanently.</param>
/// <param name="Verified">Correct codes entered.</param>
/// <param name="VerifyMedianMs">The median time from sending a code to entering it, in milliseconds; null without correct codes.</param>
public sealed record FiguresOfDomain(string Domain, long Sent, long Delivered, long Failed, long Verified, double? VerifyMedianMs)
{
    /// <summary>Correct codes in per cent of sent codes; null if none was sent.</summary>
    public double? VerifiedPercent => Figures.Percent(Verified, Sent);

    /// <summary>
    /// Whether the people of the domain enter less than half as many of their codes as all others. The comparison is with the others and
    /// not with the whole, because a domain with most of the people would dominate the whole.
    /// </summary>
    public bool IsFarBelowOthers(Figures whole)
    {
        var (sent, verified) = (whole.Sent - Sent, whole.Verified - Verified);
        return Sent >= Alerts.MinimumSample && sent >= Alerts.MinimumSample
            && 2.0 * Verified / Sent < (double)verified / sent;
    }
}

/// <summary>The messages that wait to be delivered.</summary>
/// <param name="Waiting">The number of waiting messages.</param>
/// <param name="OldestSeconds">How many seconds the oldest message has waited; null if none waits.</param>
public sealed record QueueFigures(int Waiting, double? OldestSeconds);
