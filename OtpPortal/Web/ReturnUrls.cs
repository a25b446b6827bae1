using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>Decides where a redirect may go: to a path of this portal, or to an application that this portal protects.</summary>
internal sealed class ReturnUrls(IOptions<ForwardAuthOptions> options)
{
    private const int MaxLength = 2000;

    private readonly HashSet<string> hosts = new(options.Value.Hosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>The URL if it is allowed, otherwise <paramref name="fallback"/>.</summary>
    /// <param name="url">The value of <c>returnUrl</c>, which a stranger may have chosen.</param>
    /// <param name="fallback">A path of the portal.</param>
    /// <param name="secure">Whether the request came by HTTPS.</param>
    public string Or(string? url, string fallback, bool secure) => IsLocal(url) || IsAllowed(url, secure) ? url! : fallback;

    /// <summary>Whether the text is an absolute URL on one of <c>ForwardAuth:AllowedHosts</c>.</summary>
    /// <param name="url">A URL that a stranger may have chosen.</param>
    /// <param name="secure">Whether the request came by HTTPS. Then browsers never send the session over plain HTTP, and a redirect there
    /// would lead back here for ever.</param>
    public bool IsAllowed(string? url, bool secure) =>
        IsPlain(url)
        && Uri.TryCreate(url, UriKind.Absolute, out var target)
        && (target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && !secure))
        && target.UserInfo.Length == 0
        && (hosts.Contains(target.Authority) || hosts.Contains($"{target.Host}:{target.Port}"))

        // Browsers treat a backslash as a slash, so that another host could follow it.
        && url!.StartsWith($"{target.Scheme}://{target.Authority}", StringComparison.OrdinalIgnoreCase)
        && !url.Contains('\\', StringComparison.Ordinal);

    // For browsers, "//host" and "/\host" name another host, and they remove tabs and newlines first.
    private static bool IsLocal(string? url) => IsPlain(url) && url is ['/', ..] and not ['/', '/' or '\\', ..];

    private static bool IsPlain(string? url) => url is { Length: <= MaxLength } && !url.Any(char.IsControl);
}
