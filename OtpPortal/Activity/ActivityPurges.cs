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

/// <summary>Removes totals that no range reaches any more: minutes after two days, hours and days with the events.</summary>
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
            // A whole span longer: the range of 30 days begins with a day that is not over when its first hours are 30 days old.
            var over = now - options.Value.Keep - TimeSpan.FromSeconds(span);
            removed += await OlderAsync("ActivityTotals", TotalKey, span, over)
                + await OlderAsync("ActivityDomainTotals", DomainKey, span, over, $" AND Kind IN {DomainEventsSql.Kinds}");
        }

        return removed;

        // Where the kind stands before the start, it has to be named for the key to be of use.
        Task<int> OlderAsync(string table, string key, int span, DateTimeOffset over, string kinds = "") => delete.RunAsync(
            $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE Span = {span}{kinds} AND Start <= {{0}} / 1000 LIMIT "
                + $"{{1}})", over, cancellationToken);
    }
}
