using System.Diagnostics;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>
/// Gives every request a <see cref="RequestContext"/>, which follows it into the activity log, the logs and the delivery of its messages.
/// </summary>
internal sealed class RequestContextMiddleware(RequestDelegate next, TimeProvider clock)
{
    /// <summary>The response header with the number of the request.</summary>
    public const string Header = "X-Correlation-Id";

    // This leaves time for the response itself within the 5 s after which clients give up.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(4.8);

    public async Task InvokeAsync(HttpContext context)
    {
        // The server begins a trace (RequestTrace) only if somebody logs or collects traces. Every line of the log has its number (W3C
        // Trace Context).
        using var own = System.Diagnostics.Activity.Current is null
            ? new System.Diagnostics.Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start()
            : null;
        var span = System.Diagnostics.Activity.Current!;
        var correlation = span.TraceId.ToString();
        RequestContext.Current = new RequestContext(
            Address(context.Connection.RemoteIpAddress), BrowserFamily.Of(context.Request.Headers.UserAgent), correlation)
        {
            // A live page goes on working long after its connection was opened, and has no deadline.
            Deadline = context.Request.Path.StartsWithSegments(LiveGuard.Path, StringComparison.OrdinalIgnoreCase)
                ? null
                : clock.GetUtcNow() + LongestAnswer,
        };

        // The header is set at the last moment, because error handlers clear all headers before they write their own.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = correlation;
            return Task.CompletedTask;
        });
        await next(context);
        span.Describe(context);
    }

    private static string Address(System.Net.IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
}
