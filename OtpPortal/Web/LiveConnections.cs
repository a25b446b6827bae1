using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// How many live connections there are at a time: of one client, and of all. Each of them holds a circuit with its page in memory for as
/// long as it is open. Whoever is refused has the same page without what is live on it.
/// </summary>
public sealed class LiveConnections(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly RateLimitOptions options = options.Value;
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<string> begun = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetFixedWindowLimiter(client, _ => new FixedWindowRateLimiterOptions
        {
            // A page that is opened begins one. More than these come from nobody who reads what is live on them.
            PermitLimit = options.Value.ConnectionsPerClient * 4,
            Window = TimeSpan.FromMinutes(1),
        }));

    private int total;

    /// <summary>Those that are open now.</summary>
    public int Open => Volatile.Read(ref total);

    /// <summary>The clients that have one open.</summary>
    internal int Clients
    {
        get
        {
            lock (gate)
            {
                return open.Count;
            }
        }
    }

    /// <summary>Counts the beginning of a connection, which holds memory for a while even if it is never opened.</summary>
    /// <returns>The status to refuse it with, or null.</returns>
    public int? Begin(HttpContext context)
    {
        if (!options.Enabled)
        {
            return null;
        }

        using var lease = begun.AttemptAcquire(ClientLimits.ClientOf(context.Connection.RemoteIpAddress));
        return lease.IsAcquired ? null : StatusCodes.Status429TooManyRequests;
    }

    /// <summary>Takes a place for a connection, to be given back with <see cref="Close"/> when it ends.</summary>
    /// <returns>The status to refuse it with, or null.</returns>
    public int? Take(string client)
    {
        lock (gate)
        {
            var mine = open.GetValueOrDefault(client);
            if (options.Enabled && mine >= options.ConnectionsPerClient)
            {
                return StatusCodes.Status429TooManyRequests;
            }

            if (options.Enabled && total >= options.Connections)
            {
                return StatusCodes.Status503ServiceUnavailable;
            }

            open[client] = mine + 1;
            total++;
            return null;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Close(string client)
    {
        lock (gate)
        {
            total--;
            if (--open[client] == 0)
            {
                open.Remove(client);
            }
        }
    }

    public void Dispose() => begun.Dispose();
}
