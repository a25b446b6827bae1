using System.Diagnostics;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>Gives every request its origin, which follows it into the activity log, the logs and the delivery of its messages.</summary>
public static class RequestContextMiddleware
{
    /// <summary>The header that tells the client the number of its request.</summary>
    public const string Header = "X-Correlation-Id";

    // It leaves room for the answer itself within the 5 s after which nobody waits.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(4.8);

    /// <summary>Adds it; to be used once the client's address is known.</summary>
    public static IApplicationBuilder UseRequestContext(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        // The trace of W3C Trace Context, which the server begins (RequestTrace) where anybody logs or traces. Its number stands in every
        // line of the log.
        using var own = System.Diagnostics.Activity.Current is null
            ? new System.Diagnostics.Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start()
            : null;
        var span = System.Diagnostics.Activity.Current!;
        var correlation = span.TraceId.ToString();
        RequestContext.Current = new RequestContext(
            Address(context.Connection.RemoteIpAddress), BrowserFamily.Of(context.Request.Headers.UserAgent), correlation)
        {
            // What a live page does, long after its connection was opened, has no such end.
            Deadline = context.Request.Path.StartsWithSegments(LiveGuard.Path, StringComparison.OrdinalIgnoreCase)
                ? null
                : context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + LongestAnswer,
        };

        // At the last moment: whoever answers a failure begins with no headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = correlation;
            return Task.CompletedTask;
        });
        await next(context);
        span.Describe(context);
    });

    private static string Address(System.Net.IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
}
