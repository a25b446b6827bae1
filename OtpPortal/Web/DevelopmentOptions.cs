using System.Net;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>Development</c> of the configuration. It has no effect outside Development.</summary>
internal sealed class DevelopmentOptions
{
    public const string Section = "Development";

    /// <summary>
    /// Whether other machines may open the pages that exist only in Development: the inbox with its codes, and <c>/swagger</c>.
    /// </summary>
    public bool AllowRemote { get; init; }
}

/// <summary>Restricts the pages of Development to the machine that the portal runs on.</summary>
internal static class LocalOnly
{
    private const string Sentence =
        "This page exists only in Development, and only for requests from this machine to localhost. "
        + "To open it to others (Docker, WSL, Codespaces), set Development:AllowRemote=true.";

    /// <summary>Refuses a request to one of the paths with 403, unless both its peer and its host name are this machine.</summary>
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
    /// The peer alone is not enough: any site can point a host name of its own to this machine (DNS rebinding), and the browser then
    /// connects from here.
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
