using System.Diagnostics.CodeAnalysis;

namespace OtpPortal.Data;

/// <summary>
/// The units of work that wait for the write lane. Urgent units leave before others; otherwise the order is first in, first out.
/// </summary>
internal sealed class LaneQueue(TimeProvider clock)
{
    /// <summary>With a larger backlog the queue refuses units, so that every accepted one is finished in time.</summary>
    public static readonly TimeSpan MaxBacklog = TimeSpan.FromSeconds(1);

    /// <summary>The maximum number of waiting units, so that they cannot fill the memory within that second.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>
    /// How often the lane may fail to begin before a waiting unit fails. One failure takes a second, while another process holds the file.
    /// </summary>
    private const int MaxFailedBegins = 4;

    private readonly Lock gate = new();
    private readonly Queue<UnitOfWork> urgent = new();
    private readonly Queue<UnitOfWork> ordinary = new();
    private TaskCompletionSource arrived = NewSignal();
    private bool isStopping;

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

    public bool TryTake([NotNullWhen(true)] out UnitOfWork? unit)
    {
        lock (gate)
        {
            return urgent.TryDequeue(out unit) || ordinary.TryDequeue(out unit);
        }
    }

    /// <summary>Waits for a unit. False once the lane is stopping and the queue is empty.</summary>
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
    /// Counts a failure of the lane to begin. If another process holds the file, units that have waited through several attempts fail
    /// together, and not each after a wait of its own. Any other failure fails all units at once.
    /// </summary>
    public void FailBegin(Exception failure)
    {
        var limit = DatabaseErrors.IsBusy(failure) ? MaxFailedBegins : 1;
        List<UnitOfWork> failed = [];
        lock (gate)
        {
            foreach (var queue in new[] { urgent, ordinary })
            {
                // The first unit has waited through at least as many failures as those behind it.
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

    // The longest wait measures the work in the queue, whatever the units do. Units whose callers no longer wait do not count.
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
