using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>
/// The one way into the database for writes. SQLite has a single writer; here the writers queue inside the process instead of on its
/// lock, and those that wait together share one commit and its fsync. Each unit of work stands on a savepoint of its own: one that fails
/// takes nothing of the others with it. No caller gets a result before the commit, and none waits for it longer than
/// <see cref="LongestAnswer"/>.
/// </summary>
public sealed class WriteLane : IAsyncDisposable
{
    /// <summary>How long a unit of work waits to begin; then it is withdrawn.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    /// <summary>How long a caller waits altogether. This leaves time for the response within the 5 s after which clients give up.</summary>
    internal static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(4.8);

    private readonly LaneQueue queue;
    private readonly TimeProvider clock;
    private readonly Task loop;

    /// <param name="file">The database.</param>
    /// <param name="clock">Measures how long a transaction has been open, and how long a caller has waited.</param>
    /// <param name="observer">Is called for the events that are committed; null for none.</param>
    public WriteLane(DatabaseFile file, TimeProvider clock, ICommitObserver? observer = null)
    {
        this.clock = clock;
        queue = new LaneQueue(clock);
        var writer = new LaneWriter(file, queue, clock, observer);

        // The lane serves all requests, and must not run in the execution context of the one that creates it.
        using (ExecutionContext.SuppressFlow())
        {
            loop = Task.Run(writer.RunAsync);
        }
    }

    /// <summary>
    /// Does <paramref name="work"/> alone in the database and returns once it is committed and on disk. The work must be short and must
    /// wait for nothing but the database: everybody else waits for it.
    /// </summary>
    /// <param name="work">Reads and writes through the context it is given. If it throws, nothing of it remains.</param>
    /// <exception cref="ServiceUnavailableException">The database is unavailable, the lane is overloaded or stopping, or the work took too
    /// long.</exception>
    public async Task<T> RunAsync<T>(Func<PortalDbContext, Task<T>> work, CancellationToken cancellationToken)
    {
        var unit = Enqueue(work, isUrgent: false);
        await ((Task)unit.Task).WaitAsync(RequestContext.Current.Within(LongestWait, clock), clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!unit.Task.IsCompleted && unit.TryWithdraw())
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ServiceUnavailableException(
                $"The write lane did not come to this within {LongestWait.TotalSeconds} s. Nothing of it was written.",
                    DatabaseErrors.RetryAfter);
        }

        if (!unit.Task.IsCompleted)
        {
            var left = RequestContext.Current.Within(LongestAnswer - clock.GetElapsedTime(unit.EnqueuedAt), clock);
            await ((Task)unit.Task).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The lane finishes a unit that it has begun. Whether it will be committed is unknown here, so that a caller that tries again must
        // handle both.
        return unit.Task.IsCompleted
            ? await unit.Task
            : throw new ServiceUnavailableException(
                $"This was begun, and was not committed within {LongestAnswer.TotalSeconds} s. It may still be.",
                    DatabaseErrors.RetryAfter);
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<PortalDbContext, Task> work, CancellationToken cancellationToken) =>
        RunAsync(WithoutResult(work), cancellationToken);

    /// <summary>
    /// Runs the portal's own work on which others depend: recording that a message was handed over, claiming the next ones, and probing the
    /// database. It goes first and is never refused for the backlog: otherwise accepted messages would wait, or be sent twice, as long as
    /// strangers keep the lane busy. No request waits for it, so that it has no time limit. Its callers are too few to fill the lane.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">The database is unavailable, or the lane is stopping.</exception>
    public Task<T> RunUrgentAsync<T>(Func<PortalDbContext, Task<T>> work) => Enqueue(work, isUrgent: true).Task;

    /// <inheritdoc cref="RunUrgentAsync{T}"/>
    public Task RunUrgentAsync(Func<PortalDbContext, Task> work) => RunUrgentAsync(WithoutResult(work));

    /// <summary>Finishes all accepted units, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Stop();
        await loop;
    }

    private static Func<PortalDbContext, Task<bool>> WithoutResult(Func<PortalDbContext, Task> work) => async db =>
    {
        await work(db);
        return true;
    };

    private UnitOfWork<T> Enqueue<T>(Func<PortalDbContext, Task<T>> work, bool isUrgent)
    {
        var unit = new UnitOfWork<T>(work)
        {
            RequestContext = RequestContext.Current,
            IsUrgent = isUrgent,
            EnqueuedAt = clock.GetTimestamp(),
        };
        queue.Add(unit);
        return unit;
    }
}
