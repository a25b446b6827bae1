using System.Diagnostics;
using OtpPortal.Data;

namespace OtpPortal.Web;

/// <summary>Gives every request its origin, which follows it into the activity log, the logs and the delivery of its messages.</summary>
public static class RequestOrigin
{
    /// <summary>Adds it; to be used once the client's address is known.</summary>
    public static IApplicationBuilder UseRequestOrigin(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // The trace of W3C Trace Context, which a proxy or a calling program may have begun.
        var correlation = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        Origin.Current = new Origin(
            Address(context.Connection.RemoteIpAddress), BrowserFamily.Of(context.Request.Headers.UserAgent), correlation);
        return next(context);
    });

    private static string Address(System.Net.IPAddress? address) =>
        (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
}
