using System.Net;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// The proxies of <c>ReverseProxy:KnownProxies</c>. The portal trusts their forwarded headers, and ignores those of any other peer.
/// </summary>
internal sealed class KnownProxies(IOptions<ReverseProxyOptions> options, ILogger<KnownProxies> log)
{
    private static readonly string[] Headers = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix"];

    private readonly IPNetwork[] networks = [.. options.Value.Entries.Select(Parse)];

    private int warned;

    private static IPNetwork Parse(string entry) =>
        ReverseProxyOptions.TryParse(entry, out var network) ? network : throw new InvalidOperationException(entry);

    /// <summary>The configured addresses and networks.</summary>
    public IReadOnlyList<IPNetwork> Networks => networks;

    /// <summary>Whether a peer is a known proxy. A peer without an address (a Unix socket) is not.</summary>
    public bool Has(IPAddress? peer)
    {
        if (peer is null)
        {
            return false;
        }

        peer = ReverseProxyOptions.Unmapped(peer);
        return Array.Exists(networks, network => network.Contains(peer));
    }

    /// <summary>
    /// Logs once that an unknown peer sent a forwarded header, because this happens if the setting was forgotten. The value of the header
    /// is not logged, because it can come from anybody.
    /// </summary>
    public void WarnIfForwarded(HttpContext context)
    {
        if (Volatile.Read(ref warned) != 0
            || Array.Find(Headers, context.Request.Headers.ContainsKey) is not { } header
            || Interlocked.Exchange(ref warned, 1) != 0)
        {
            return;
        }

        log.LogWarning(
            "{Peer} sent {Header} and is not named in ReverseProxy:KnownProxies. "
            + "The header is ignored, and the connecting address is treated as the client. "
            + "If that is your proxy, add its address or network there. If it is not, nothing needs to be done. This is logged once",
            context.Connection.RemoteIpAddress is { } peer ? ReverseProxyOptions.Unmapped(peer) : "A Unix socket",
            header);
    }
}
