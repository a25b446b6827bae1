using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery;

/// <summary>Delivers all due messages, several at a time, so that a slow recipient does not delay the others.</summary>
internal sealed class DeliveryPass(OutboxStore store, Courier courier, OutboxSignal signal, TimeProvider clock, ILogger<DeliveryPass> log)
{
    /// <summary>
    /// The number of concurrent deliveries. If a server takes 100 ms for each message, this allows 320 messages a second.
    /// </summary>
    public const int MaxConcurrency = 32;

    /// <summary>How long a shutdown waits for deliveries that have started.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause before the outbox is read again, because another node may have stopped during a delivery.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Delivers until no message is due and no delivery is running, including messages that are accepted in the meantime. When it is
    /// stopped, it claims no more messages and lets the running deliveries finish within a grace period. The rest stays in the outbox.
    /// </summary>
    /// <returns>When the next rescheduled message is due, or null if none waits.</returns>
    public async Task<DateTimeOffset?> RunAsync(CancellationToken stop)
    {
        using var abort = new CancellationTokenSource();
        var deliveries = new HashSet<Task>();
        var inFlight = new InFlightCount();
        try
        {
            while (true)
            {
                deliveries.RemoveWhere(delivery => delivery.IsCompleted);
                var free = MaxConcurrency - inFlight.Count;
                foreach (var message in free > 0 ? await store.ClaimAsync(free, stop) : [])
                {
                    inFlight.Add();
                    deliveries.Add(DeliverAsync(message, inFlight, abort.Token));
                }

                // The count is read before the due time. A delivery that ends in between has already signalled, so the wait below returns
                // at once instead of using an outdated time.
                var running = inFlight.Count;
                var next = await store.NextDueAsync(stop);
                if (running == 0)
                {
                    return next;
                }

                await signal.WaitAsync(Until(next), clock, stop);
            }
        }
        finally
        {
            await FinishAsync(deliveries, abort, stop);
        }
    }

    private async Task DeliverAsync(OutboxMessage message, InFlightCount inFlight, CancellationToken cancellationToken)
    {
        // The delivery is logged and traced as a part of the request that sent the message.
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
            // The database was unavailable for the whole lease of the message, which is claimed again.
            log.LogError(failure, "The result of message {Id} could not be saved; trying again", message.Id);
        }
        finally
        {
            // The order matters: the loop must find the slot free when it wakes up. The task itself has not completed yet.
            inFlight.Remove();
            signal.Wake();
        }
    }

    private async Task FinishAsync(HashSet<Task> deliveries, CancellationTokenSource abort, CancellationToken stop)
    {
        // A pass also ends if the database is unavailable. Deliveries that handed over a message then keep trying to save the result.
        var all = Task.WhenAll(deliveries);
        await all.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await all.WaitAsync(Grace, clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await abort.CancelAsync();
            await all;
        }
    }

    /// <summary>How long to wait for the next due message.</summary>
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

    private sealed class InFlightCount
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public void Add() => Interlocked.Increment(ref count);

        public void Remove() => Interlocked.Decrement(ref count);
    }
}
