using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>Repeats the delivery pass: as soon as a message is accepted, and whenever a rescheduled message is due.</summary>
internal sealed class DeliveryWorker(
    DeliveryPass delivery, OutboxSignal signal, TimeProvider clock, ILogger<DeliveryWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(await TryAsync(stoppingToken), clock, stoppingToken);
        }
    }

    private async Task<TimeSpan> TryAsync(CancellationToken stopping)
    {
        try
        {
            return delivery.Until(await delivery.RunAsync(stopping));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Accepted messages stay in the outbox, and the worker must survive a full disk.
            var pause = failure is ServiceUnavailableException unavailable ? unavailable.RetryAfter : DeliveryPass.Idle;
            log.LogError(failure, "Delivery failed; it is tried again in {Pause}", pause);
            return pause;
        }
    }
}
