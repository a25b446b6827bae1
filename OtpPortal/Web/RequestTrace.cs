using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// Begins a trace of its own for every request. A number that comes from outside could be anybody's: strangers would mix their lines into
/// those of another request. Only where <c>ReverseProxy:ContinueTraces</c> says so is a trace continued, and only from a known proxy. Of
/// the formats there are, it takes W3C Trace Context alone, which has nothing but hexadecimal digits in its numbers.
/// </summary>
public sealed class RequestTrace(
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

    // It would go on to wherever the portal asks, and nothing here reads it.
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    // The trace begins before forwarded headers are read: this is who is at the other end of the connection.
    private bool IsFromKnownProxy() => continues && proxies.Has(requests.HttpContext?.Connection.RemoteIpAddress);
}
