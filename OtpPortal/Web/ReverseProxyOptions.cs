using System.Net;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>ReverseProxy</c> of the configuration.</summary>
internal sealed class ReverseProxyOptions
{
    public const string Section = "ReverseProxy";

    /// <summary>
    /// Addresses and networks (CIDR) of proxies, separated by commas. Only these may name the client with <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c>. Without any, the client is the peer of the connection.
    /// </summary>
    public string KnownProxies { get; init; } = "";

    /// <summary>
    /// Whether a trace (<c>traceparent</c>) from a known proxy is continued. Use it only if the proxy itself begins traces: most proxies
    /// pass on the header of a stranger.
    /// </summary>
    public bool ContinueTraces { get; init; }

    internal IEnumerable<string> Entries => KnownProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads an entry: a network, or an address as the network of one address.</summary>
    internal static bool TryParse(string entry, out IPNetwork network)
    {
        if (IPAddress.TryParse(entry, out var address) && !entry.Contains('/', StringComparison.Ordinal))
        {
            address = Unmapped(address);
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(entry, out network) && TryUnmap(ref network);
    }

    /// <summary>A socket for both versions of IP shows an IPv4 peer as an IPv6 address (RFC 4291 §2.5.5.2).</summary>
    internal static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool TryUnmap(ref IPNetwork network)
    {
        const int MappedBits = 96;
        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits);
        }

        // A network of all addresses would let every client choose its address, which the setting is there to prevent.
        return network.PrefixLength > 0;
    }
}

/// <summary>Refuses what is neither an address nor a network.</summary>
internal sealed class ReverseProxyOptionsValidator : IValidateOptions<ReverseProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ReverseProxyOptions options)
    {
        var faults = options.Entries.Where(entry => !ReverseProxyOptions.TryParse(entry, out _))
            .Select(entry =>
                $"ReverseProxy:KnownProxies has \"{entry}\". Allowed: IP addresses like 10.0.0.1 and networks like 10.0.0.0/8 or "
                    + "fd00::/8, separated by commas. "
                + "None may have everybody in it.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
