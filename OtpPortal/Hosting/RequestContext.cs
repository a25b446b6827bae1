namespace OtpPortal.Hosting;

/// <summary>
/// Where what is being done came from. It follows a request through everything that it causes, into the activity log and the
/// delivery of its messages.
/// </summary>
/// <param name="Client">The client's network address; empty where there is none.</param>
/// <param name="Browser">The family of its browser; empty where there is none.</param>
/// <param name="Correlation">One number for all that one request causes.</param>
public sealed record RequestContext(string Client, string Browser, string Correlation)
{
    private static readonly AsyncLocal<RequestContext?> Flowing = new();

    /// <summary>
    /// Until when whoever waits has to have an answer, whatever stages it goes through; null where nobody waits. Passwords that are hashed
    /// and writes take what is left of it.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How long a stage may take: what is left, and no longer than it takes at most by itself.</summary>
    public TimeSpan Within(TimeSpan longest, TimeProvider clock) =>
        Deadline is { } deadline && deadline - clock.GetUtcNow() is var left && left < longest
            ? (left > TimeSpan.Zero ? left : TimeSpan.Zero)
            : longest;

    /// <summary>What the portal does by itself.</summary>
    public static RequestContext Portal { get; } = new("", "", "");

    /// <summary>The origin of what is being done now.</summary>
    public static RequestContext Current
    {
        get => Flowing.Value ?? Portal;
        set => Flowing.Value = value;
    }
}
