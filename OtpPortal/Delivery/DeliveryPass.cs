using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery;

/// <summary>Delivers everything that is due, several messages at a time: a slow recipient holds up one place, not the others.</summary>
public sealed class DeliveryPass(OutboxStore store, Courier courier, OutboxSignal signal, TimeProvider clock, ILogger<DeliveryPass> log)
{
    /// <summary>Messages under way at a time. A server that takes 100 ms for each then gets 320 a second.</summary>
    public const int MaxConcurrency = 32;

    /// <summary>How long a shutdown waits for what is being sent.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>How long it waits at most before it looks again: another node may have died with a message in its hands.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Delivers until nothing is due and nothing under way; what is accepted meanwhile is taken at once. When it is stopped, it takes
    /// nothing more and finishes what is being sent, but not for longer than a while; the rest stays in the outbox.
    /// </summary>
    /// <returns>When the next message that was put off is due, or null if none waits.</returns>
    public async Task<DateTimeOffset?> RunAsync(CancellationToken stop)
    {
        using var cancellationToken = new CancellationTokenSource();
        var deliveries = new HashSet<Task>();
        var taken = new InFlightCount();
        try
        {
            while (true)
            {
                deliveries.RemoveWhere(delivery => delivery.IsCompleted);
                var free = MaxConcurrency - taken.Count;
                foreach (var message in free > 0 ? await store.ClaimAsync(free, stop) : [])
                {
                    taken.Add();
                    deliveries.Add(DeliverAsync(message, taken, cancellationToken.Token));
                }

                // In this order: what ends between the two has woken the wait below, and is due at another time than the store said.
                var underWay = taken.Count;
                var next = await store.NextDueAsync(stop);
                if (underWay == 0)
                {
                    return next;
                }

                await signal.WaitAsync(Until(next), clock, stop);
            }
        }
        finally
        {
            await FinishAsync(deliveries, cancellationToken, stop);
        }
    }

    private async Task DeliverAsync(OutboxMessage message, InFlightCount taken, CancellationToken cancellationToken)
    {
        // All of it belongs to the request that asked for the message.
        RequestContext.Current = RequestContext.Portal with { Correlation = message.Correlation };
        using var trace = PortalTracing.Continue("deliver", message.Correlation)?.SetTag(PortalTracing.Channel, message.Channel);
        using var scope = log.BeginScope("TraceId:{TraceId}", message.Correlation);
        try
        {
            var result = await courier.DeliverAsync(message, cancellationToken);
            Log(message, result, await store.SettleAsync(message, result, cancellationToken));
        }
        catch (Exception failure)
        {
            // The database was out of order for as long as the message was held. It is taken again.
            log.LogError(failure, "The result of message {Id} could not be saved; trying again", message.Id);
        }
        finally
        {
            // In this order: who is woken must find the place free. The task itself is not completed yet.
            taken.Remove();
            signal.Wake();
        }
    }

    private async Task FinishAsync(HashSet<Task> deliveries, CancellationTokenSource cancellationToken, CancellationToken stop)
    {
        // A pass also ends because the database is away. Then those who have handed over a message go on trying to write that down.
        var all = Task.WhenAll(deliveries);
        await all.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await all.WaitAsync(Grace, clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await cancellationToken.CancelAsync();
            await all;
        }
    }

    /// <summary>How long to wait for something that is due then.</summary>
    internal TimeSpan Until(DateTimeOffset? next) =>
        TimeSpan.FromMilliseconds(Math.Clamp((next - clock.GetUtcNow() ?? Idle).TotalMilliseconds, 1, Idle.TotalMilliseconds));

    private void Log(OutboxMessage message, DeliveryResult result, DateTimeOffset? next)
    {
        switch (result)
        {
            case DeliveryResult.Expired:
                log.LogWarning("Message {Id} was dropped: it expired before it could be delivered", message.Id);
                break;
            case DeliveryResult.Refused refused:
                log.LogError("Message {Id} failed permanently: {Why}", message.Id, refused.Reason);
                break;
            case DeliveryResult.Failed failed:
                log.LogWarning("Message {Id} could not be delivered: {Why} It is tried again at {Next:O}", message.Id, failed.Reason, next);
                break;
        }
    }

    /// <summary>How many messages are under way, counted by those who deliver them.</summary>
    private sealed class InFlightCount
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Add() => Interlocked.Increment(ref count);

        public void Remove() => Interlocked.Decrement(ref count);
    }
}
