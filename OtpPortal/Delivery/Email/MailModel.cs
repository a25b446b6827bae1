using System.Globalization;
using OtpPortal.Data;

namespace OtpPortal.Delivery.Email;

/// <summary>The values that a template may use.</summary>
/// <param name="Code">The code, or an empty string.</param>
/// <param name="Lifetime">How long the code is valid, counted from <paramref name="RequestedAt"/>.</param>
/// <param name="RequestedAt">When the message was accepted.</param>
public sealed record MailModel(string Code, TimeSpan Lifetime, DateTimeOffset RequestedAt)
{
    internal const string CodeName = "code";
    internal const string LifetimeName = "lifetime";
    internal const string RequestedAtName = "asked_at";
    internal const string RequestedFromName = "asked_from";

    /// <param name="code">The unprotected code of the message.</param>
    public static MailModel Of(OutboxMessage message, string? code)
    {
        var model = new MailModel(code ?? "", message.ExpiresAt - message.CreatedAt, message.CreatedAt);
        return message.RequestedFrom is null ? model : model with { RequestedFrom = message.RequestedFrom };
    }

    /// <summary>The browser family of the request, like "Firefox on Windows".</summary>
    public string RequestedFrom { get; init; } = "an unknown program";

    /// <summary>The lifetime as text, like "5 minutes".</summary>
    public string DescribeLifetime => Lifetime.TotalSeconds < 120
        ? Plural((int)Lifetime.TotalSeconds, "second")
        : Plural((int)Lifetime.TotalMinutes, "minute");

    /// <summary>
    /// The time as text, like "1 March 2026 at 12:00 UTC". It is in UTC because a mail does not know its reader's time zone.
    /// </summary>
    public string DescribeRequestedAt => RequestedAt.UtcDateTime.ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The value of a placeholder.</summary>
    public string ValueOf(string placeholder) => placeholder switch
    {
        CodeName => Code,
        LifetimeName => DescribeLifetime,
        RequestedAtName => DescribeRequestedAt,
        RequestedFromName => RequestedFrom,
        _ => throw new ArgumentOutOfRangeException(nameof(placeholder)),
    };

    public override string ToString() => "******";

    private static string Plural(int count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
