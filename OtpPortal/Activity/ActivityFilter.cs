using System.Globalization;
using System.Runtime.InteropServices;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Which events of the activity log are looked for. What is not given does not matter.</summary>
public sealed record ActivityFilter
{
    /// <summary>What happened.</summary>
    public ActivityEventKind? Kind { get; init; }

    /// <summary>The purpose of the code, by its name.</summary>
    public string? Purpose { get; init; }

    /// <summary>What it is about: any of these mail addresses and mobile numbers, normalised and whole.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Not before.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether every event is meant.</summary>
    public bool IsEverything => Kind is null && Purpose is null && Addresses.Count == 0 && From is null && To is null;
}

/// <summary>The place of an event in the activity log, from which one reads on however far down it is.</summary>
/// <param name="At">When it happened, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Id">Tells apart those of the same millisecond.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ActivityPosition(long At, long Id)
{
    /// <summary>The place of <paramref name="happened"/>.</summary>
    public static ActivityPosition Of(ActivityEvent happened) => new(happened.At.ToUnixTimeMilliseconds(), happened.Id);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ActivityPosition? Parse(string? text) =>
        text?.Split('.') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(milliseconds, number)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}");
}
