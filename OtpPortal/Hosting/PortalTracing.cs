using System.Diagnostics;

namespace OtpPortal.Hosting;

/// <summary>The portal's part of traces: what is done for a request after it was answered.</summary>
public static class PortalTracing
{
    /// <summary>The name of the source.</summary>
    public const string Source = "OtpPortal";

    /// <summary>The attribute that has a message's channel.</summary>
    public const string Channel = "otpportal.channel";

    // Takes the place of a parent, which the span has none of.
    private const string Any = "0000000000000001";

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>
    /// Begins a span in the trace of the request that a number names, beside the request's own: that may have ended long ago. The log's
    /// lines have the number without it.
    /// </summary>
    /// <returns>Null if nobody collects traces, or if the request had none.</returns>
    public static System.Diagnostics.Activity? Continue(string name, string correlation) =>
        ActivityContext.TryParse($"00-{correlation}-{Any}-01", traceState: null, out var request)
            ? Activities.StartActivity(
                name, System.Diagnostics.ActivityKind.Consumer, new ActivityContext(request.TraceId, spanId: default, request.TraceFlags))
            : null;
}
