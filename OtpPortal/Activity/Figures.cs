using System.Text.Json.Serialization;

namespace OtpPortal.Activity;

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
    [JsonPropertyName("sentNowhere")]
    public long DecoySent { get; init; }

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
    /// Whether its people enter less than half as many of their codes as all others do. Compared with the others and not with the whole: a
    /// domain that has most of the people would hide itself in it.
    /// </summary>
    public bool IsFarBelowOthers(Figures whole)
    {
        var (sent, verified) = (whole.Sent - Sent, whole.Verified - Verified);
        return Sent >= Alerts.MinimumSample && sent >= Alerts.MinimumSample
            && 2.0 * Verified / Sent < (double)verified / sent;
    }
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">Messages.</param>
/// <param name="OldestSeconds">How long the oldest of them has waited; null if none waits.</param>
public sealed record QueueFigures(int Waiting, double? OldestSeconds);
