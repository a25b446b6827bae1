namespace OtpPortal.Activity;

/// <summary>
/// Repeats <see cref="ActivityRollup"/>. It may run late, because the statistics themselves count the events that are not in the totals
/// yet.
/// </summary>
internal sealed class ActivityRollupWorker(ActivityRollup count, TimeProvider clock, ILogger<ActivityRollupWorker> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await count.RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError(failure, "Counting the activity failed; it is tried again in {Interval}", Interval);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
