namespace OtpPortal.Delivery.Email;

/// <summary>Connections that a burst of messages left behind, for the next message; whoever takes one has it for itself.</summary>
/// <param name="clock">Says how long one has been idle.</param>
/// <param name="close">Takes leave of the server. It must not throw, and must not take long.</param>
internal sealed class IdleConnections<T>(TimeProvider clock, Func<T, Task> close) : IAsyncDisposable
    where T : class
{
    /// <summary>How long one is kept. Servers hang up after some minutes (RFC 5321 §4.5.3.2.7 asks for five).</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<(T Connection, DateTimeOffset Since)> idle = [];
    private ITimer? timer;
    private bool disposed;

    /// <summary>The one used last, because the others may then go out of use; null if there is none.</summary>
    public T? Take()
    {
        lock (gate)
        {
            if (idle is not [.., var (newest, _)])
            {
                return null;
            }

            idle.RemoveAt(idle.Count - 1);
            return newest;
        }
    }

    /// <summary>Keeps one for the next message.</summary>
    public Task KeepAsync(T connection)
    {
        lock (gate)
        {
            if (!disposed)
            {
                idle.Add((connection, clock.GetUtcNow()));
                timer ??= clock.CreateTimer(_ => _ = CloseOldAsync(), null, KeptFor, Timeout.InfiniteTimeSpan);
                return Task.CompletedTask;
            }
        }

        return close(connection);
    }

    public async ValueTask DisposeAsync()
    {
        List<T> left;
        lock (gate)
        {
            disposed = true;
            timer?.Dispose();
            left = [.. idle.Select(kept => kept.Connection)];
            idle.Clear();
        }

        await Task.WhenAll(left.Select(close));
    }

    // The oldest stand first. The timer is set again for the oldest that stays.
    private Task CloseOldAsync()
    {
        List<T> old;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            old = [.. idle.TakeWhile(kept => now - kept.Since >= KeptFor).Select(kept => kept.Connection)];
            idle.RemoveRange(0, old.Count);
            timer?.Dispose();
            timer = idle is [var (_, since), ..] && !disposed
                ? clock.CreateTimer(_ => _ = CloseOldAsync(), null, since + KeptFor - now, Timeout.InfiniteTimeSpan)
                : null;
        }

        return Task.WhenAll(old.Select(close));
    }
}
