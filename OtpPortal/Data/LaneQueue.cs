using System.Diagnostics.CodeAnalysis;

namespace OtpPortal.Data;

/// <summary>
/// What waits for the write lane. Units of one kind leave in the order in which they came, and urgent ones before all others.
/// </summary>
internal sealed class LaneQueue(TimeProvider clock)
{
    /// <summary>A backlog of more than this is not added to: whoever is accepted should be answered in time.</summary>
    public static readonly TimeSpan MaxBacklog = TimeSpan.FromSeconds(1);

    /// <summary>Units that wait, at most, so that they cannot fill the memory within that second.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>
    /// How often the lane may fail to begin before a unit is told. One failure takes a second, in which another process holds the file.
    /// </summary>
    private const int MaxFailedBegins = 4;

    private readonly Lock gate = new();
    private readonly Queue<UnitOfWork> urgent = new();
    private readonly Queue<UnitOfWork> ordinary = new();
    private TaskCompletionSource arrived = NewSignal();
    private bool isStopping;

    /// <summary>Adds a unit.</summary>
    /// <exception cref="ServiceUnavailableException">The lane is stopping, or has more than a second's work already.</exception>
    public void Add(UnitOfWork unit)
    {
        lock (gate)
        {
            if (isStopping)
            {
                throw new ServiceUnavailableException("The portal is stopping and accepts no more writes.", DatabaseErrors.RetryAfter);
            }

            if (!unit.IsUrgent && IsOverloaded())
            {
                throw new ServiceUnavailableException(
                    $"The write lane is behind by more than {MaxBacklog.TotalSeconds} s; {ordinary.Count} units of work wait.", MaxBacklog);
            }

            (unit.IsUrgent ? urgent : ordinary).Enqueue(unit);
            arrived.TrySetResult();
        }
    }

    /// <summary>Takes the next unit, if one waits.</summary>
    public bool TryTake([NotNullWhen(true)] out UnitOfWork? unit)
    {
        lock (gate)
        {
            return urgent.TryDequeue(out unit) || ordinary.TryDequeue(out unit);
        }
    }

    /// <summary>Waits until a unit is there. False once the lane is stopping and nothing is left.</summary>
    public async Task<bool> WaitAsync()
    {
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (urgent.Count + ordinary.Count > 0)
                {
                    return true;
                }

                if (isStopping)
                {
                    return false;
                }

                if (arrived.Task.IsCompleted)
                {
                    arrived = NewSignal();
                }

                signal = arrived.Task;
            }

            await signal;
        }
    }

    /// <summary>
    /// Counts that the lane could not begin. Where another process holds the file, units that have waited through several attempts fail
    /// together, and not each after a wait of its own; any other failure is told to all at once.
    /// </summary>
    public void FailBegin(Exception failure)
    {
        var limit = DatabaseErrors.IsBusy(failure) ? MaxFailedBegins : 1;
        List<UnitOfWork> failed = [];
        lock (gate)
        {
            foreach (var queue in new[] { urgent, ordinary })
            {
                // The first has seen at least as many failures as all behind it.
                foreach (var unit in queue)
                {
                    unit.FailedBegins++;
                }

                while (queue.TryPeek(out var first) && first.FailedBegins >= limit)
                {
                    failed.Add(queue.Dequeue());
                }
            }
        }

        failed.ForEach(unit => unit.Fail(failure));
    }

    /// <summary>Accepts nothing more.</summary>
    public void Stop()
    {
        lock (gate)
        {
            isStopping = true;
            arrived.TrySetResult();
        }
    }

    // The unit that waits longest tells how much work lies before the next one, whatever a unit's work is. One that nobody waits for is
    // no work.
    private bool IsOverloaded()
    {
        while (ordinary.TryPeek(out var first) && first.IsWithdrawn)
        {
            ordinary.Dequeue();
        }

        return ordinary.Count >= MaxWaiting || (ordinary.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.EnqueuedAt) > MaxBacklog);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
