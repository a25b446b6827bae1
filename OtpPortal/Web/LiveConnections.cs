using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// Limits the live connections that are open at a time, for one client and for all. Each of them keeps a circuit with its page in memory. A
/// client that is refused gets the same page without live updates.
/// </summary>
internal sealed class LiveConnections(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly RateLimitOptions options = options.Value;
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<string> begun = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetFixedWindowLimiter(client, _ => new FixedWindowRateLimiterOptions
        {
            // Opening a page begins one connection. A person does not open more than this in a minute.
            PermitLimit = options.Value.ConnectionsPerClient * 4,
            Window = TimeSpan.FromMinutes(1),
        }));

    private int total;

    /// <summary>The connections that are open now.</summary>
    public int Open => Volatile.Read(ref total);

    /// <summary>The clients that have an open connection.</summary>
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

    /// <summary>Counts the beginning of a connection, which needs memory for a while even if it is never opened.</summary>
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

    /// <summary>Counts an open connection, until <see cref="Close"/> is called when it ends.</summary>
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
