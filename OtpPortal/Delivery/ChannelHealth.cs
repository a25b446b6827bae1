using System.Collections.Concurrent;

namespace OtpPortal.Delivery;

public enum ChannelState
{
    /// <summary>No probe has finished yet.</summary>
    Unknown,

    /// <summary>The server answers.</summary>
    Up,

    /// <summary>The server answers, but slowly.</summary>
    Slow,

    /// <summary>The server does not answer.</summary>
    Away,
}

/// <summary>
/// The state of each channel, which comes from probes of its server only. Pages show nothing else about delivery: the result of a single
/// message, or of the last one, would reveal to strangers which addresses have an account.
/// </summary>
public sealed class ChannelHealth(IMailProbe mails, ITextProbe texts, TimeProvider clock)
{
    /// <summary>A server that takes longer to answer is slow.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(3);

    /// <summary>A server that has not answered by then is away.</summary>
    public static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long a result is valid. No server is probed more often, however many messages are sent.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (ChannelState State, long At)> states = new(StringComparer.Ordinal);

    /// <summary>The result of the last probe.</summary>
    public ChannelState StateOf(string channel) => states.TryGetValue(channel, out var found) ? found.State : ChannelState.Unknown;

    /// <summary>Whether the last result is no longer valid.</summary>
    public bool IsDue(string channel) => !states.TryGetValue(channel, out var found) || clock.GetElapsedTime(found.At) >= ValidFor;

    /// <summary>Probes the server of a channel and stores the result.</summary>
    public async Task<ChannelState> ProbeAsync(string channel, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AwayAfter, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var startedAt = clock.GetTimestamp();
        ChannelState state;
        try
        {
            await (channel == Channels.Email ? mails.ProbeAsync(either.Token) : texts.ProbeAsync(either.Token));
            state = clock.GetElapsedTime(startedAt) < SlowAfter ? ChannelState.Up : ChannelState.Slow;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The failed deliveries log the reason for administrators.
            state = ChannelState.Away;
        }

        states[channel] = (state, clock.GetTimestamp());
        return state;
    }
}

/// <summary>Probes the mail server.</summary>
public interface IMailProbe
{
    /// <summary>Returns once the server has answered.</summary>
    /// <exception cref="Exception">The server does not answer.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Probes the server for texts.</summary>
public interface ITextProbe
{
    /// <inheritdoc cref="IMailProbe.ProbeAsync"/>
    Task ProbeAsync(CancellationToken cancellationToken);
}
