using System.Net;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>Development</c> of the configuration. Outside Development it means nothing.</summary>
public sealed class DevelopmentOptions
{
    public const string Section = "Development";

    /// <summary>
    /// Whether other machines get to see what is there in Development alone: the inbox with its codes, and <c>/swagger</c>. Default false.
    /// </summary>
    public bool AllowRemote { get; init; }
}

/// <summary>Keeps what is there in Development alone to the machine that it runs on.</summary>
public static class LocalOnly
{
    private const string Sentence =
        "This page exists only in Development, and only for requests from this machine to localhost. "
        + "To open it to others (Docker, WSL, Codespaces), set Development:AllowRemote=true.";

    /// <summary>Answers a request to one of the paths with 403, unless both its peer and the host that it names are this machine.</summary>
    public static void UseLocalOnly(this IApplicationBuilder app, params PathString[] paths)
    {
        if (!app.ApplicationServices.GetRequiredService<IOptions<DevelopmentOptions>>().Value.AllowRemote)
        {
            app.UseWhen(
                context => !IsLocal(context)
                    && Array.Exists(paths, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)),
                remote => remote.Run(RefuseAsync));
        }
    }

    /// <summary>
    /// The peer alone does not do: a page of any site can name a host of its own that leads to this machine (DNS rebinding), and the
    /// browser connects from here.
    /// </summary>
    internal static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer) && IsLoopback(context.Request.Host.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Sentence, context.RequestAborted);
    }
}
