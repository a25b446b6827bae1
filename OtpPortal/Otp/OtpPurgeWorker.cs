using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Repeats the purge passes at every <c>Otp:PurgeInterval</c>, and stops at once with the host.</summary>
public sealed class OtpPurgeWorker(
    IEnumerable<IPurge> purges, WriteLane lane, IOptions<OtpOptions> options, TimeProvider clock, ILogger<OtpPurgeWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PurgeInterval, clock);
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
                log.LogInformation("Purged {Removed} {What}", removed, purge.What);
                await lane.RunAsync(
                    db => db.NoteAsync(new() { At = clock.GetUtcNow(), Kind = ActivityKind.Purged, Count = removed, Detail = purge.What }), stopping);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The purge of {What} failed; it is tried again in {Interval}", purge.What, options.Value.PurgeInterval);
        }
    }
}
