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

    /// <summary>How long a caller waits altogether. It leaves room for the answer within the 5 s after which nobody waits.</summary>
    internal static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(4.8);

    private readonly LaneQueue queue;
    private readonly TimeProvider clock;
    private readonly Task loop;

    /// <param name="file">The database.</param>
    /// <param name="clock">Measures how long a transaction has been open, and how long a caller has waited.</param>
    /// <param name="observer">Learns of the events that are committed; null for nobody.</param>
    public WriteLane(DatabaseFile file, TimeProvider clock, ICommitObserver? observer = null)
    {
        this.clock = clock;
        queue = new LaneQueue(clock);
        var writer = new LaneWriter(file, queue, clock, observer);

        // The lane serves everybody, and must not run in the context of whoever happened to come first.
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
    /// <exception cref="ServiceUnavailableException">The database is away, the lane is overloaded or stopping, or it took too
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

        // The lane goes on with a unit that it has begun: whether it will be committed is not known here, and whoever tries again must
        // bear both.
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
    /// The same for the portal's own work on which others depend: writing down that a message was handed over, taking the next ones, and
    /// proving that the database works. It goes first and is not refused for the backlog, because otherwise messages that were accepted
    /// would wait, or be sent twice, for as long as strangers keep the lane busy. Nobody is at the other end of a connection, so it may
    /// take as long as it takes. Its callers are few: they cannot fill the lane.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">The database is away, or the lane is stopping.</exception>
    public Task<T> RunUrgentAsync<T>(Func<PortalDbContext, Task<T>> work) => Enqueue(work, isUrgent: true).Task;

    /// <inheritdoc cref="RunUrgentAsync{T}"/>
    public Task RunUrgentAsync(Func<PortalDbContext, Task> work) => RunUrgentAsync(WithoutResult(work));

    /// <summary>Finishes what was accepted, then stops.</summary>
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
