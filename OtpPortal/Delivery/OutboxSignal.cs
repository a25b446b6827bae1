using System.Threading.Channels;

namespace OtpPortal.Delivery;

/// <summary>Wakes the delivery worker. A wake while it is at work is not lost; a hundred of them are one.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<bool> channel =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to deliver.</summary>
    public void Wake() => channel.Writer.TryWrite(true);

    /// <summary>Waits for a wake, but not longer than <paramref name="most"/>.</summary>
    public async Task WaitAsync(TimeSpan most, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over, which is as good a reason to look as a wake.
        }
    }
}
