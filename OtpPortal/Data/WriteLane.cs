using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>
/// The one way into the database for writes. SQLite has a single writer; here the writers queue inside the process
/// instead of on its lock, and those that wait together share one commit and its fsync. Each unit of work stands on a
/// savepoint of its own: one that fails takes nothing of the others with it. Nobody is answered before the commit.
/// </summary>
public sealed class WriteLane : IAsyncDisposable
{
    /// <summary>Units of work that share a commit, at most. More would only make the first ones wait.</summary>
    private const int MaxShared = 256;

    /// <summary>A commit is not put off for longer than this, so that a large delete delays nobody behind it twice.</summary>
    private static readonly TimeSpan MaxOpen = TimeSpan.FromMilliseconds(10);

    private readonly Channel<UnitOfWork> queue = Channel.CreateUnbounded<UnitOfWork>(new() { SingleReader = true });
    private readonly DatabaseFile file;
    private readonly TimeProvider clock;
    private readonly ActivityMetrics? metrics;
    private readonly Task loop;

    /// <param name="file">The database.</param>
    /// <param name="clock">Tells when a commit is due.</param>
    /// <param name="metrics">Counts the events that are committed; null for nobody.</param>
    public WriteLane(DatabaseFile file, TimeProvider clock, ActivityMetrics? metrics = null)
    {
        this.file = file;
        this.clock = clock;
        this.metrics = metrics;

        // It serves everybody, and must not run in the context of whoever happened to come first.
        using (ExecutionContext.SuppressFlow())
        {
            loop = Task.Run(RunAsync);
        }
    }

    /// <summary>
    /// Does <paramref name="work"/> alone in the database and answers once it is committed and on disk. The work must be
    /// short and must wait for nothing but the database: everybody else waits for it.
    /// </summary>
    /// <param name="work">Reads and writes through the context it is given. If it throws, nothing of it remains.</param>
    /// <param name="cancel">Withdraws the work while it has not begun. What has begun is finished.</param>
    public async Task<T> RunAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancel)
    {
        var unit = new UnitOfWork<T>(work, cancel) { Origin = Origin.Current };
        if (!queue.Writer.TryWrite(unit))
        {
            throw new OperationCanceledException("The portal is stopping and accepts no more writes.");
        }

        return await unit.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<PortalDbContext, Task> work, CancellationToken cancel) =>
        RunAsync(async db => { await work(db); return true; }, cancel);

    /// <summary>Finishes what was accepted, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        SqliteConnection? connection = null;
        while (await queue.Reader.WaitToReadAsync())
        {
            var shared = new List<UnitOfWork>();
            try
            {
                connection ??= await file.OpenForWritingAsync();
                await CommitTogetherAsync(connection, shared);
            }
            catch (Exception failure)
            {
                // The commit itself failed (disk full, file gone): all that shared it failed, and a new connection is the clean start.
                shared.ForEach(unit => unit.Fail(failure));
                if (shared.Count == 0 && queue.Reader.TryRead(out var first))
                {
                    first.Fail(failure);
                }

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
            while (shared.Count < MaxShared && clock.GetElapsedTime(opened) < MaxOpen && queue.Reader.TryRead(out var unit))
            {
                if (unit.Withdrawn())
                {
                    continue;
                }

                shared.Add(unit);
                transaction.Save("unit");
                await using var db = new PortalDbContext(options) { Origin = unit.Origin, Metrics = metrics };
                await db.Database.UseTransactionAsync(transaction);
                if (!await unit.TryAsync(db))
                {
                    transaction.Rollback("unit");
                }

                transaction.Release("unit");
            }

            await transaction.CommitAsync();
        }

        shared.ForEach(unit => unit.Commit());
    }

    private abstract class UnitOfWork
    {
        public required Origin Origin { get; init; }

        public abstract bool Withdrawn();

        public abstract Task<bool> TryAsync(PortalDbContext db);

        public abstract void Commit();

        public abstract void Fail(Exception failure);
    }

    private sealed class UnitOfWork<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancel) : UnitOfWork
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IReadOnlyList<Action> committed = [];
        private T? result;
        private Exception? thrown;

        public Task<T> Task => answer.Task;

        public override bool Withdrawn() => cancel.IsCancellationRequested && answer.TrySetCanceled(cancel);

        public override async Task<bool> TryAsync(PortalDbContext db)
        {
            try
            {
                result = await work(db);
                committed = db.Committed;
            }
            catch (Exception failure)
            {
                thrown = failure;
            }

            return thrown is null;
        }

        public override void Commit()
        {
            try
            {
                foreach (var action in committed)
                {
                    action();
                }
            }
            catch (Exception failure)
            {
                // A fault of this unit alone: the others that shared its commit are answered all the same.
                thrown = failure;
            }

            if (thrown is null)
            {
                answer.SetResult(result!);
            }
            else
            {
                answer.SetException(thrown);
            }
        }

        public override void Fail(Exception failure) => answer.TrySetException(thrown ?? failure);
    }
}
