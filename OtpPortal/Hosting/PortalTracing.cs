using System.Diagnostics;

namespace OtpPortal.Hosting;

/// <summary>The portal's own spans: work that is done for a request after its response.</summary>
internal static class PortalTracing
{
    /// <summary>The name of the activity source.</summary>
    public const string Source = "OtpPortal";

    /// <summary>The attribute for a message's channel.</summary>
    public const string Channel = "otpportal.channel";

    // A trace context needs the id of a parent, but the span has none.
    private const string Any = "0000000000000001";

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>Begins a span in the trace of an earlier request, beside the request's own span, which may have ended long ago.</summary>
    /// <returns>Null if traces are not collected, or if the request had none.</returns>
    public static System.Diagnostics.Activity? Continue(string name, string correlation) =>
        ActivityContext.TryParse($"00-{correlation}-{Any}-01", traceState: null, out var request)
            ? Activities.StartActivity(
                name, System.Diagnostics.ActivityKind.Consumer, new ActivityContext(request.TraceId, spanId: default, request.TraceFlags))
            : null;
}
