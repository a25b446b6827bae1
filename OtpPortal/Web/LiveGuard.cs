namespace OtpPortal.Web;

/// <summary>Guards the live part of the pages (<c>/_blazor</c>).</summary>
internal sealed class LiveGuard(RequestDelegate next, LiveConnections connections, EdgeRefusals refusals)
{
    /// <summary>The path of live connections.</summary>
    public const string Path = "/_blazor";

    public async Task InvokeAsync(HttpContext context)
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
            await RefuseAsync(context, tooMany);
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        // Every request other than a POST stays open as long as its connection: a WebSocket, or one of its fallbacks.
        var client = ClientLimits.ClientOf(context.Connection.RemoteIpAddress);
        if (connections.Take(client) is { } refused)
        {
            await RefuseAsync(context, refused);
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

    /// <summary>Whether the request begins a connection: it requests a connection id, or connects without one.</summary>
    private static bool Begins(HttpRequest request) => HttpMethods.IsPost(request.Method)
        ? request.Path.StartsWithSegments(Path + "/negotiate", StringComparison.OrdinalIgnoreCase)
        : !request.Query.ContainsKey("id");

    private Task RefuseAsync(HttpContext context, int status)
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
