using System.Net;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>ReverseProxy</c> of the configuration.</summary>
public sealed class ReverseProxyOptions
{
    public const string Section = "ReverseProxy";

    /// <summary>Addresses of proxies, separated by commas. Only these may say with <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> who the client is. Default none.</summary>
    public string KnownProxies { get; init; } = "";

    /// <summary>Whether a trace (<c>traceparent</c>) that comes from a known proxy is continued. Only where the proxy begins traces itself: most pass on what a stranger sent. Default false.</summary>
    public bool ContinueTraces { get; init; }

    internal IEnumerable<string> Addresses => KnownProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Refuses what is no address.</summary>
public sealed class ReverseProxyOptionsValidator : IValidateOptions<ReverseProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ReverseProxyOptions options)
    {
        var faults = options.Addresses.Where(address => !IPAddress.TryParse(address, out _))
            .Select(address => $"ReverseProxy:KnownProxies has \"{address}\". Allowed: IP addresses, separated by commas.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
