using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Removes events that are older than <c>Activity:KeepDays</c>.</summary>
public sealed class ActivityPurge(BatchedDelete delete, IOptions<ActivityOptions> options, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "events";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        "DELETE FROM Activity WHERE Id IN (SELECT Id FROM Activity WHERE At <= {0} ORDER BY At LIMIT {1})",
        clock.GetUtcNow() - options.Value.Keep,
        cancellationToken);
}

/// <summary>
/// Removes totals that no range includes any more: those of minutes after two days, those of hours and days together with the events.
/// </summary>
public sealed class ActivityTotalPurge(BatchedDelete delete, IOptions<ActivityOptions> options, TimeProvider clock) : IPurge
{
    private const string TotalKey = "Span, Start, Kind, Purpose, Bucket";
    private const string DomainKey = "Span, Kind, Start, Domain, Bucket";

    private static readonly TimeSpan KeepMinutes = TimeSpan.FromDays(2);

    /// <inheritdoc/>
    public string Name => "totals";

    /// <inheritdoc/>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var removed = await OlderAsync("ActivityTotals", TotalKey, StatisticsRange.Minute, now - KeepMinutes);
        foreach (var span in new[] { StatisticsRange.Hour, StatisticsRange.Day })
        {
            // Totals are kept for one more span: the range of 30 days begins with a day whose first hours are older than 30 days.
            var over = now - options.Value.Keep - TimeSpan.FromSeconds(span);
            removed += await OlderAsync("ActivityTotals", TotalKey, span, over)
                + await OlderAsync("ActivityDomainTotals", DomainKey, span, over, $" AND Kind IN {DomainEventsSql.Kinds}");
        }

        return removed;

        // If the kind comes before the start in the key, the statement names the kinds, so that SQLite can use the key.
        Task<int> OlderAsync(string table, string key, int span, DateTimeOffset over, string kinds = "") => delete.RunAsync(
            $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE Span = {span}{kinds} AND Start <= {{0}} / 1000 LIMIT "
                + $"{{1}})", over, cancellationToken);
    }
}
