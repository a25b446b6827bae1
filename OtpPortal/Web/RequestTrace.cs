using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// Begins a new trace for every request, because strangers could otherwise choose a trace id and mix their log lines with those of another
/// request. A trace is continued only with <c>ReverseProxy:ContinueTraces</c>, and only from a known proxy. The only accepted format is W3C
/// Trace Context, whose ids consist of hexadecimal digits.
/// </summary>
internal sealed class RequestTrace(
    IOptions<ReverseProxyOptions> options, KnownProxies proxies, IHttpContextAccessor requests) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    private readonly bool continues = options.Value.ContinueTraces;

    public override IReadOnlyCollection<string> Fields => W3C.Fields;

    public override void Inject(System.Diagnostics.Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        W3C.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        W3C.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        if (!IsFromKnownProxy() || !ActivityContext.TryParse(traceId, traceState, out _))
        {
            (traceId, traceState) = (null, null);
        }
    }

    // Baggage would be passed on with the portal's own requests, and nothing here reads it.
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    // The trace begins before forwarded headers are read, so that this is still the address of the peer.
    private bool IsFromKnownProxy() => continues && proxies.Has(requests.HttpContext?.Connection.RemoteIpAddress);
}
