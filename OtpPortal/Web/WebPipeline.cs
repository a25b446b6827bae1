namespace OtpPortal.Web;

/// <summary>The middleware of this room that <c>Program.cs</c> puts in its place.</summary>
internal static class WebPipeline
{
    /// <summary>Gives every request its context. It comes after the middleware that finds out the client's address.</summary>
    public static IApplicationBuilder UseRequestContext(this IApplicationBuilder app) => app.UseMiddleware<RequestContextMiddleware>();

    /// <summary>Refuses live connections of other sites, and too many of them, before anything is upgraded.</summary>
    public static IApplicationBuilder UseLiveGuard(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(LiveGuard.Path, StringComparison.OrdinalIgnoreCase),
        live => live.UseMiddleware<LiveGuard>());

    /// <summary>Refuses large bodies and foreign origins.</summary>
    public static IApplicationBuilder UseFormGuards(this IApplicationBuilder app) => app.UseMiddleware<FormGuard>();

    /// <summary>Refuses a form without its antiforgery token. It comes after the antiforgery middleware.</summary>
    public static IApplicationBuilder UseTokenGuard(this IApplicationBuilder app) => app.UseMiddleware<TokenGuard>();
}
