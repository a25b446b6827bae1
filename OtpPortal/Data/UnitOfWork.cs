using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The work of one caller in the write lane.</summary>
internal abstract class UnitOfWork
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    private int state = Waiting;

    public required RequestContext RequestContext { get; init; }

    /// <summary>Whether the lane takes it before others, and never refuses it.</summary>
    public required bool IsUrgent { get; init; }

    /// <summary>The clock's timestamp when the unit was queued.</summary>
    public required long EnqueuedAt { get; init; }

    /// <summary>How often the lane could not begin while this unit waited. Only the queue uses it.</summary>
    public int FailedBegins { get; set; }

    /// <summary>Why the work failed, if it did.</summary>
    public Exception? Failure { get; protected set; }

    /// <summary>Whether the caller no longer waits.</summary>
    public bool IsWithdrawn => Volatile.Read(ref state) == Withdrawn;

    /// <summary>Begins the unit, unless its caller has withdrawn it.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref state, Begun, Waiting) == Waiting;

    /// <summary>Withdraws the unit, unless it has begun.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting;

    /// <summary>Does the work; false if it failed.</summary>
    public abstract Task<bool> TryAsync(PortalDbContext db);

    /// <summary>Completes the caller's task: the work is on disk.</summary>
    public abstract void Commit();

    /// <summary>Fails the caller's task: nothing was written.</summary>
    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class UnitOfWork<T>(Func<PortalDbContext, Task<T>> work) : UnitOfWork
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<Action> committed = [];
    private T? result;

    /// <summary>The task for which the caller waits.</summary>
    public Task<T> Task => answer.Task;

    public override async Task<bool> TryAsync(PortalDbContext db)
    {
        try
        {
            result = await work(db);
            committed = db.Committed;
        }
        catch (Exception failure)
        {
            Failure = DatabaseErrors.Translate(failure);
        }

        return Failure is null;
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
            // Only this unit fails. The others that shared its commit complete.
            Failure = failure;
        }

        if (Failure is null)
        {
            answer.SetResult(result!);
        }
        else
        {
            Refuse(Failure);
        }
    }

    public override void Fail(Exception failure) => Refuse(Failure ?? DatabaseErrors.Translate(failure));

    private void Refuse(Exception failure)
    {
        answer.TrySetException(failure);

        // The exception is marked as observed, because the caller may no longer wait for it.
        _ = answer.Task.Exception;
    }
}
