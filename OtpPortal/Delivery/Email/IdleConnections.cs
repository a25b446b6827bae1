namespace OtpPortal.Delivery.Email;

/// <summary>Idle connections that the next messages can use. Only one message at a time uses a connection.</summary>
/// <param name="close">Disconnects from the server. It must not throw, and must not take long.</param>
internal sealed class IdleConnections<T>(TimeProvider clock, Func<T, Task> close) : IAsyncDisposable
    where T : class
{
    /// <summary>
    /// How long an idle connection is kept. Servers close connections after some minutes (RFC 5321 §4.5.3.2.7 recommends five).
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<(T Connection, DateTimeOffset Since)> idle = [];
    private ITimer? timer;
    private bool disposed;

    /// <summary>Takes the most recently used connection, so that the others can expire; null if there is none.</summary>
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

    /// <summary>Keeps a connection for the next message.</summary>
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
        List<T> remaining;
        lock (gate)
        {
            disposed = true;
            timer?.Dispose();
            remaining = [.. idle.Select(item => item.Connection)];
            idle.Clear();
        }

        await Task.WhenAll(remaining.Select(close));
    }

    // The list begins with the oldest connection. The timer is set again for the oldest remaining one.
    private Task CloseOldAsync()
    {
        List<T> old;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            old = [.. idle.TakeWhile(item => now - item.Since >= KeptFor).Select(item => item.Connection)];
            idle.RemoveRange(0, old.Count);
            timer?.Dispose();
            timer = idle is [var (_, since), ..] && !disposed
                ? clock.CreateTimer(_ => _ = CloseOldAsync(), null, since + KeptFor - now, Timeout.InfiniteTimeSpan)
                : null;
        }

        return Task.WhenAll(old.Select(close));
    }
}
