using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>ForwardAuth</c> of the configuration: the applications that this portal protects.</summary>
public sealed class ForwardAuthOptions
{
    public const string Section = "ForwardAuth";

    /// <summary>
    /// The host names of these applications, separated by commas, with a port if it is not the default. A sign-in returns only to these
    /// hosts.
    /// </summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>
    /// The domain that the portal and the applications share, like <c>example.com</c>. Browsers then send the session to all of its hosts;
    /// without it, only to the portal's host.
    /// </summary>
    public string? CookieDomain { get; init; }

    /// <summary><see cref="CookieDomain"/>; null if it is empty.</summary>
    internal string? SharedDomain => string.IsNullOrWhiteSpace(CookieDomain) ? null : CookieDomain;

    internal IEnumerable<string> Hosts => AllowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether browsers send cookies of the domain to the host, which may have a port.</summary>
    internal static bool IsWithin(string host, string domain)
    {
        var name = new Uri($"https://{host}/").Host;
        return name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith('.' + domain, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the text is a host name, which may have a port.</summary>
    internal static bool IsHost(string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri)
        && (uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase)
        || $"{uri.Host}:{uri.Port}".Equals(host, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Refuses invalid host names, and hosts that would never get the session.</summary>
internal sealed class ForwardAuthOptionsValidator : IValidateOptions<ForwardAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardAuthOptions options)
    {
        var faults = options.Hosts.Where(host => !ForwardAuthOptions.IsHost(host))
            .Select(host =>
                $"ForwardAuth:AllowedHosts has \"{host}\". Allowed: host names like app.example.com or app.example.com:8443, "
                    + "separated by commas.")
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
                    $"ForwardAuth:AllowedHosts has \"{host}\", which is not within ForwardAuth:CookieDomain \"{domain}\": "
                        + "it would never see the session. Allowed: hosts of that domain."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
