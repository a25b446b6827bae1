namespace OtpPortal.Hosting;

/// <summary>
/// Describes the request that caused the current work. It flows with the request into the activity log and the delivery of its messages.
/// </summary>
/// <param name="Client">The client's network address; empty without a client.</param>
/// <param name="Browser">The family of the client's browser; empty without one.</param>
/// <param name="Correlation">The number that everything that one request causes has in common.</param>
public sealed record RequestContext(string Client, string Browser, string Correlation)
{
    private static readonly AsyncLocal<RequestContext?> Flowing = new();

    /// <summary>
    /// The time by which the client needs a response; null if no client waits. Password hashing and writes share the time that is left.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The time limit of one stage: <paramref name="longest"/>, or less if less is left until the deadline.</summary>
    public TimeSpan Within(TimeSpan longest, TimeProvider clock) =>
        Deadline is { } deadline && deadline - clock.GetUtcNow() is var left && left < longest
            ? (left > TimeSpan.Zero ? left : TimeSpan.Zero)
            : longest;

    /// <summary>The context of work that no request caused.</summary>
    public static RequestContext Portal { get; } = new("", "", "");

    /// <summary>The context of the current work.</summary>
    public static RequestContext Current
    {
        get => Flowing.Value ?? Portal;
        set => Flowing.Value = value;
    }
}
