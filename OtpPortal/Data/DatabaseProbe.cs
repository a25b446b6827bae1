using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>
/// Proves that the database works: what was written and committed is read back over a connection that was opened for that alone. A disk
/// that is full or read-only shows, and so does a file that was removed or replaced under the running portal, whose own connections would
/// go on with the old one.
/// </summary>
public sealed class DatabaseProbe(DatabaseFile file, WriteLane lane, IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>A proof is good for so long: however many strangers ask, they cause one write a second.</summary>
    internal static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(1);

    /// <summary>A counter that every SQLite file has for the programs that use it: one page to write, and no table.</summary>
    private const string Counter = "PRAGMA user_version";

    private readonly Lock gate = new();
    private Task? latest;
    private long provedAt;

    /// <summary>
    /// Proves it, or waits for the proof that is under way, but no longer than <paramref name="cancellationToken"/> allows. What
    /// was begun goes on.
    /// </summary>
    /// <exception cref="Exception">It does not work; the message says why.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && clock.GetElapsedTime(provedAt) >= ValidFor))
            {
                // SQLite waits for a lock on the thread that asks for it.
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

            // Another process on the same file may have counted on.
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
