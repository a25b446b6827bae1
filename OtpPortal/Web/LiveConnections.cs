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

/// <summary>Stands before the live part of the pages (<c>/_blazor</c>).</summary>
internal static class LiveGuard
{
    /// <summary>Where live connections begin.</summary>
    public const string Path = "/_blazor";

    /// <summary>Refuses other origins and more connections than there may be, before anything is upgraded.</summary>
    public static IApplicationBuilder UseLiveGuard(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase),
        live =>
        {
            var services = app.ApplicationServices;
            var (connections, refusals) = (services.GetRequiredService<LiveConnections>(), services.GetRequiredService<EdgeRefusals>());
            live.Use((context, next) => GuardAsync(context, next, connections, refusals));
        });

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, LiveConnections connections, EdgeRefusals refusals)
    {
        // Browsers let a page of any site open a WebSocket, with the cookies of this one (RFC 6455 §10.2).
        if (FormGuards.IsForeign(context.Request))
        {
            refusals.Count(context, EdgeRefusal.Origin);
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Only the portal's own pages may connect here.");
            return;
        }

        if (Begins(context.Request) && connections.Begin(context) is { } tooMany)
        {
            await RefuseAsync(context, refusals, tooMany);
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        // What is not posted stays open: a WebSocket to its end, and so do the ways around one.
        var client = ClientLimits.ClientOf(context.Connection.RemoteIpAddress);
        if (connections.Take(client) is { } refused)
        {
            await RefuseAsync(context, refusals, refused);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            connections.Close(client);
        }
    }

    /// <summary>Whether it begins a connection: it asks for the number of one, or opens one without.</summary>
    private static bool Begins(HttpRequest request) => HttpMethods.IsPost(request.Method)
        ? request.Path.StartsWithSegments(Path + "/negotiate", StringComparison.OrdinalIgnoreCase)
        : !request.Query.ContainsKey("id");

    private static Task RefuseAsync(HttpContext context, EdgeRefusals refusals, int status)
    {
        refusals.Count(context, EdgeRefusal.ClientLimit);
        context.Response.Headers.RetryAfter = "60";
        return RefuseAsync(context, status, "Too many live connections are open. The pages work without one.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence, context.RequestAborted);
    }
}
