using System.Collections.Concurrent;

namespace OtpPortal.Delivery;

/// <summary>How well a channel works as a whole.</summary>
public enum ChannelState
{
    /// <summary>Nobody has looked yet.</summary>
    Unknown,

    /// <summary>The other side answers.</summary>
    Up,

    /// <summary>The other side answers, but late.</summary>
    Slow,

    /// <summary>The other side does not answer.</summary>
    Away,
}

/// <summary>
/// The state of each channel, found by asking the other side whether it is there, and by nothing else. This is all that a page says about
/// delivery: what became of a
/// single message, or of the last one, would tell strangers which addresses have an account.
/// </summary>
public sealed class ChannelHealth(IMailProbe mails, ITextProbe texts, TimeProvider clock)
{
    /// <summary>An answer that takes longer is called slow.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(3);

    /// <summary>A side that has not answered by then is called away.</summary>
    public static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer counts: nobody is asked more often, however many messages are sent.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (ChannelState State, long At)> known = new(StringComparer.Ordinal);

    /// <summary>What was found last.</summary>
    public ChannelState StateOf(string channel) => known.TryGetValue(channel, out var found) ? found.State : ChannelState.Unknown;

    /// <summary>Whether it is time to look again.</summary>
    public bool IsDue(string channel) => !known.TryGetValue(channel, out var found) || clock.GetElapsedTime(found.At) >= ValidFor;

    /// <summary>Looks, and remembers what was found.</summary>
    public async Task<ChannelState> ProbeAsync(string channel, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AwayAfter, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var begun = clock.GetTimestamp();
        ChannelState state;
        try
        {
            await (channel == Channels.Email ? mails.ProbeAsync(either.Token) : texts.ProbeAsync(either.Token));
            state = clock.GetElapsedTime(begun) < SlowAfter ? ChannelState.Up : ChannelState.Slow;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Why it is away is told by the deliveries that fail, to the administrator.
            state = ChannelState.Away;
        }

        known[channel] = (state, clock.GetTimestamp());
        return state;
    }
}

/// <summary>Asks the mail server whether it is there.</summary>
public interface IMailProbe
{
    /// <summary>Returns once it has answered.</summary>
    /// <exception cref="Exception">It is not there.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Asks the sender of texts whether it is there.</summary>
public interface ITextProbe
{
    /// <inheritdoc cref="IMailProbe.ProbeAsync"/>
    Task ProbeAsync(CancellationToken cancellationToken);
}
