namespace OtpPortal.Data;

/// <summary>Repeats the purge passes at every <c>Otp:PurgeInterval</c>, and stops at once with the host.</summary>
public sealed class PurgeWorker(
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

    // A pass that fails (a full disk, say) is told and tried again at the next tick; it must not end the purge, or the host, for good.
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

/// <summary>How often the purge passes are repeated.</summary>
public sealed record PurgeSchedule(TimeSpan Interval);
