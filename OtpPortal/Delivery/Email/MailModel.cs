using System.Globalization;
using OtpPortal.Data;

namespace OtpPortal.Delivery.Email;

/// <summary>What a template may say.</summary>
/// <param name="Code">The code, or nothing.</param>
/// <param name="Lifetime">How long the code is valid, counted from <paramref name="RequestedAt"/>.</param>
/// <param name="RequestedAt">When the message was accepted.</param>
public sealed record MailModel(string Code, TimeSpan Lifetime, DateTimeOffset RequestedAt)
{
    internal const string CodeName = "code";
    internal const string LifetimeName = "lifetime";
    internal const string RequestedAtName = "asked_at";
    internal const string RequestedFromName = "asked_from";

    /// <summary>What a message says.</summary>
    /// <param name="message">The outbox row.</param>
    /// <param name="code">Its code, read out of it.</param>
    public static MailModel Of(OutboxMessage message, string? code)
    {
        var model = new MailModel(code ?? "", message.ExpiresAt - message.CreatedAt, message.CreatedAt);
        return message.RequestedFrom is null ? model : model with { RequestedFrom = message.RequestedFrom };
    }

    /// <summary>From what kind of browser it was asked for: "Firefox on Windows".</summary>
    public string RequestedFrom { get; init; } = "an unknown program";

    /// <summary>The lifetime as a reader would say it: "5 minutes".</summary>
    public string DescribeLifetime => Lifetime.TotalSeconds < 120
        ? Plural((int)Lifetime.TotalSeconds, "second")
        : Plural((int)Lifetime.TotalMinutes, "minute");

    /// <summary>"1 March 2026 at 12:00 UTC": a mail does not know its reader's time zone.</summary>
    public string DescribeRequestedAt => RequestedAt.UtcDateTime.ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What stands for a placeholder of a file.</summary>
    public string ValueOf(string placeholder) => placeholder switch
    {
        CodeName => Code,
        LifetimeName => DescribeLifetime,
        RequestedAtName => DescribeRequestedAt,
        RequestedFromName => RequestedFrom,
        _ => throw new ArgumentOutOfRangeException(nameof(placeholder)),
    };

    /// <summary>Without the code.</summary>
    public override string ToString() => "******";

    private static string Plural(int count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
