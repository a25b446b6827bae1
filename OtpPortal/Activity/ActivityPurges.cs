using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Removes events that are older than <c>Activity:KeepDays</c>.</summary>
internal sealed class ActivityPurge(BatchedDelete delete, IOptions<ActivityOptions> options, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "events";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        ActivitySql.Purge,
        clock.GetUtcNow() - options.Value.Keep,
        cancellationToken);
}

/// <summary>
/// Removes totals that no range includes any more: those of minutes after two days, those of hours and days together with the events.
/// </summary>
internal sealed class ActivityTotalPurge(BatchedDelete delete, IOptions<ActivityOptions> options, TimeProvider clock) : IPurge
{
    private static readonly TimeSpan KeepMinutes = TimeSpan.FromDays(2);

    /// <inheritdoc/>
    public string Name => "totals";

    /// <inheritdoc/>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var removed = await delete.RunAsync(ActivityTotalsSql.Purge(StatisticsRange.Minute), now - KeepMinutes, cancellationToken);
        foreach (var span in new[] { StatisticsRange.Hour, StatisticsRange.Day })
        {
            // A whole span longer: the range of 30 days begins with a day that is not over when its first hours are 30 days old.
            var before = now - options.Value.Keep - TimeSpan.FromSeconds(span);
            removed += await delete.RunAsync(ActivityTotalsSql.Purge(span), before, cancellationToken)
                + await delete.RunAsync(ActivityTotalsSql.PurgeDomains(span), before, cancellationToken);
        }

        return removed;
    }
}
