namespace OtpPortal.Data;

/// <summary>Repeats all purges every <c>Otp:PurgeInterval</c>.</summary>
internal sealed class PurgeWorker(
    IEnumerable<IPurge> purges, IPurgeLog events, PurgeSchedule schedule, TimeProvider clock, ILogger<PurgeWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(schedule.Interval, clock);
        do
        {
            foreach (var purge in purges)
            {
                await TryAsync(purge, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // A purge that fails, for example because the disk is full, is logged and tried again at the next tick. It must not stop the worker or
    // the host.
    private async Task TryAsync(IPurge purge, CancellationToken stopping)
    {
        try
        {
            var removed = await purge.RunAsync(stopping);
            if (removed > 0)
            {
                log.LogInformation("Purged {Removed} {What}", removed, purge.Name);
                await events.RecordAsync(purge.Name, removed, stopping);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The purge of {What} failed; it is tried again in {Interval}", purge.Name, schedule.Interval);
        }
    }
}

/// <summary>The pause between two passes of the purge.</summary>
internal sealed record PurgeSchedule(TimeSpan Interval);
