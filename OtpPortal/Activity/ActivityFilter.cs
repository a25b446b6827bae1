using System.Globalization;
using System.Runtime.InteropServices;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Which events of the activity log to find. A property without a value does not restrict the result.</summary>
public sealed record ActivityFilter
{
    public ActivityEventKind? Kind { get; init; }

    /// <summary>The purpose of the code, by its name.</summary>
    public string? Purpose { get; init; }

    /// <summary>The events of any of these mail addresses and mobile numbers, which are normalised and complete.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether the filter restricts nothing.</summary>
    public bool IsEverything => Kind is null && Purpose is null && Addresses.Count == 0 && From is null && To is null;
}

/// <summary>The position of an event in the activity log. Reading continues from it in constant time.</summary>
/// <param name="At">When it happened, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Id">Distinguishes events of the same millisecond.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ActivityPosition(long At, long Id)
{
    public static ActivityPosition Of(ActivityEvent happened) => new(happened.At.ToUnixTimeMilliseconds(), happened.Id);

    /// <summary>Reads the text of <see cref="ToString"/>; null if it is not one.</summary>
    public static ActivityPosition? Parse(string? text) =>
        text?.Split('.') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(milliseconds, number)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}");
}
