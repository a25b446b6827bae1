using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>
/// Proves that the database works: a committed write is read back over a new connection. This detects a full or read-only disk, and a file
/// that was removed or replaced while the portal runs, whose open connections would go on using the old one.
/// </summary>
internal sealed class DatabaseProbe(DatabaseFile file, WriteLane lane, IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>A result is valid for this long, so that any number of requests causes one write a second.</summary>
    internal static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(1);

    /// <summary>The counter that every SQLite file has for applications. Writing it changes one page and needs no table.</summary>
    private const string Counter = "PRAGMA user_version";

    private readonly Lock gate = new();
    private Task? latest;
    private long provedAt;

    /// <summary>
    /// Runs the probe, or waits for the one that is running. <paramref name="cancellationToken"/> ends the wait, and not the probe.
    /// </summary>
    /// <exception cref="Exception">The database does not work. The message says why.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && clock.GetElapsedTime(provedAt) >= ValidFor))
            {
                // SQLite blocks the calling thread while it waits for a lock.
                provedAt = clock.GetTimestamp();
                latest = Task.Run(ProbeAsync, CancellationToken.None);
            }

            return latest.WaitAsync(cancellationToken);
        }
    }

    private async Task ProbeAsync()
    {
        var written = await lane.RunUrgentAsync(CountAsync);
        await using (var connection = await file.OpenReadOnlyAsync())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = Counter;

            // Another process on the same file may have increased the counter.
            if (await command.ExecuteScalarAsync() is not long read || read < written)
            {
                throw new InvalidOperationException("What was written is not in the file: it was replaced while the portal runs.");
            }
        }

        await using var db = await databases.CreateDbContextAsync();
        if ((await db.Database.GetPendingMigrationsAsync()).Any())
        {
            throw new InvalidOperationException("Its schema is not the one of this program.");
        }
    }

    private static async Task<long> CountAsync(PortalDbContext db)
    {
        var count = (await db.QueryAsync(Counter, row => row.GetInt64(0)))[0] % int.MaxValue + 1;
        await db.QueryAsync(FormattableString.Invariant($"{Counter} = {count}"), row => row.FieldCount);
        return count;
    }
}
