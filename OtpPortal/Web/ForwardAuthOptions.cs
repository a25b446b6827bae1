using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>The section <c>ForwardAuth</c> of the configuration: the applications that this portal stands in front of.</summary>
public sealed class ForwardAuthOptions
{
    public const string Section = "ForwardAuth";

    /// <summary>Host names of these applications, separated by commas, with a port where it is not the usual one. Only to them does signing in return. Default none.</summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>
    /// The domain that the portal and the applications share, like <c>example.com</c>: browsers then show the session to all of its hosts.
    /// Default none: the session is the portal's host's alone.
    /// </summary>
    public string? CookieDomain { get; init; }

    internal IEnumerable<string> Hosts => AllowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Refuses what is no host, and hosts that would never see the session.</summary>
public sealed class ForwardAuthOptionsValidator : IValidateOptions<ForwardAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardAuthOptions options)
    {
        var faults = options.Hosts.Where(host => !IsHost(host))
            .Select(host => $"ForwardAuth:AllowedHosts has \"{host}\". Allowed: host names like app.example.com or app.example.com:8443, separated by commas.")
            .ToList();
        if (options.CookieDomain is { Length: > 0 } domain)
        {
            if (!IsHost(domain) || domain.Contains(':', StringComparison.Ordinal) || !domain.Contains('.', StringComparison.Ordinal))
            {
                faults.Add($"ForwardAuth:CookieDomain is \"{domain}\". Allowed: a domain like example.com.");
            }

            faults.AddRange(options.Hosts.Where(host => IsHost(host) && !IsWithin(host.Split(':')[0], domain))
                .Select(host => $"ForwardAuth:AllowedHosts has \"{host}\", which is not within ForwardAuth:CookieDomain \"{domain}\": it would never see the session. Allowed: hosts of that domain."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsHost(string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var uri)
        && (uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase) || $"{uri.Host}:{uri.Port}".Equals(host, StringComparison.OrdinalIgnoreCase));

    private static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith('.' + domain, StringComparison.OrdinalIgnoreCase);
}
