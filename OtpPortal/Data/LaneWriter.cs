using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>The loop of the write lane: takes units of work from its queue and commits those together that wait together.</summary>
internal sealed class LaneWriter(DatabaseFile file, LaneQueue queue, TimeProvider clock, ICommitObserver? observer)
{
    /// <summary>Units of work that share a commit, at most. More would only make the first ones wait.</summary>
    private const int MaxShared = 256;

    /// <summary>A commit is not delayed for longer than this, so that a large delete delays nobody behind it twice.</summary>
    private static readonly TimeSpan MaxOpen = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs until the queue is stopped and empty.</summary>
    public async Task RunAsync()
    {
        SqliteConnection? connection = null;
        while (await queue.WaitAsync())
        {
            var isSound = false;
            var shared = new List<UnitOfWork>();
            try
            {
                connection ??= await file.OpenLaneAsync();
                await CommitTogetherAsync(connection, shared);
                isSound = !shared.Exists(unit => unit.Failure is ServiceUnavailableException);
            }
            catch (Exception failure) when (shared.Count > 0)
            {
                // The commit itself failed (disk full, file gone): all that shared it failed.
                shared.ForEach(unit => unit.Fail(failure));
            }
            catch (Exception failure)
            {
                queue.FailBegin(failure);
            }

            if (!isSound)
            {
                // A new connection is the clean start: one that was opened while the file could only be read stays so, for example.
                await (connection?.DisposeAsync() ?? default);
                connection = null;
            }
        }

        await (connection?.DisposeAsync() ?? default);
    }

    private async Task CommitTogetherAsync(SqliteConnection connection, List<UnitOfWork> shared)
    {
        var options = DatabaseFile.OptionsFor(connection);
        var opened = clock.GetTimestamp();
        await using (var transaction = connection.BeginTransaction(deferred: false))
        {
            while (shared.Count < MaxShared && clock.GetElapsedTime(opened) < MaxOpen && queue.TryTake(out var unit))
            {
                if (!unit.TryBegin())
                {
                    continue;
                }

                shared.Add(unit);
                transaction.Save("unit");
                await using var db = new PortalDbContext(options) { RequestContext = unit.RequestContext, Observer = observer };
                await db.Database.UseTransactionAsync(transaction);
                if (!await unit.TryAsync(db))
                {
                    RollBack(transaction, unit.Failure!);
                }

                transaction.Release("unit");
            }

            await transaction.CommitAsync();
        }

        shared.ForEach(unit => unit.Commit());
    }

    // If the disk is full or fails, SQLite may have rolled back the whole transaction by itself. Then the savepoint no longer exists, and
    // the units that share the transaction must fail with the same cause.
    private static void RollBack(SqliteTransaction transaction, Exception cause)
    {
        try
        {
            transaction.Rollback("unit");
        }
        catch (Exception) when (cause is ServiceUnavailableException)
        {
            throw new ServiceUnavailableException(cause.Message, DatabaseErrors.RetryAfter, cause);
        }
    }
}
