using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>ForwardAuth</c> of the configuration: the applications that this portal stands in front of.</summary>
public sealed class ForwardAuthOptions
{
    public const string Section = "ForwardAuth";

    /// <summary>
    /// Host names of these applications, separated by commas, with a port where it is not the usual one. Only to them does signing
    /// in return. Default none.
    /// </summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>
    /// The domain that the portal and the applications share, like <c>example.com</c>: browsers then show the session to all of its hosts.
    /// Default none: the session is the portal's host's alone.
    /// </summary>
    public string? CookieDomain { get; init; }

    /// <summary>The same; null where it is empty.</summary>
    internal string? SharedDomain => string.IsNullOrWhiteSpace(CookieDomain) ? null : CookieDomain;

    internal IEnumerable<string> Hosts => AllowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether browsers show cookies of the domain to the host, which may have a port.</summary>
    internal static bool IsWithin(string host, string domain)
    {
        var name = new Uri($"https://{host}/").Host;
        return name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith('.' + domain, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether it is a host name, perhaps with a port.</summary>
    internal static bool IsHost(string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri)
        && (uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase)
        || $"{uri.Host}:{uri.Port}".Equals(host, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Refuses what is no host, and hosts that would never see the session.</summary>
public sealed class ForwardAuthOptionsValidator : IValidateOptions<ForwardAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardAuthOptions options)
    {
        var faults = options.Hosts.Where(host => !ForwardAuthOptions.IsHost(host))
            .Select(host =>
                $"ForwardAuth:AllowedHosts has \"{host}\". Allowed: host names like app.example.com or app.example.com:8443, separated by commas.")
            .ToList();
        if (options.SharedDomain is { } domain)
        {
            if (!ForwardAuthOptions.IsHost(domain) || domain.Contains(':', StringComparison.Ordinal)
                || !domain.Contains('.', StringComparison.Ordinal))
            {
                faults.Add($"ForwardAuth:CookieDomain is \"{domain}\". Allowed: a domain like example.com.");
            }

            faults.AddRange(options.Hosts.Where(host => ForwardAuthOptions.IsHost(host) && !ForwardAuthOptions.IsWithin(host, domain))
                .Select(host =>
                    $"ForwardAuth:AllowedHosts has \"{host}\", which is not within ForwardAuth:CookieDomain \"{domain}\": it would never see the session. Allowed: hosts of that domain."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
