using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// The one judge of where a redirect may go: to a path of this portal, or to an application that this portal stands in front
/// of.
/// </summary>
public sealed class ReturnUrls(IOptions<ForwardAuthOptions> options)
{
    private const int MaxLength = 2000;

    private readonly HashSet<string> hosts = new(options.Value.Hosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>The URL if it may be gone to, otherwise <paramref name="fallback"/>.</summary>
    /// <param name="url">What a stranger may have put into <c>returnUrl</c>.</param>
    /// <param name="fallback">A path of ours.</param>
    /// <param name="secure">Whether the portal was reached by HTTPS.</param>
    public string Or(string? url, string fallback, bool secure) => IsLocal(url) || IsAllowed(url, secure) ? url! : fallback;

    /// <summary>Whether it is a whole URL on one of <c>ForwardAuth:AllowedHosts</c>.</summary>
    /// <param name="url">What a stranger may have sent.</param>
    /// <param name="secure">Whether the portal is reached by HTTPS. Then its session is never shown to plain HTTP, and who went there would
    /// be sent back for ever.</param>
    public bool IsAllowed(string? url, bool secure) =>
        IsPlain(url)
        && Uri.TryCreate(url, UriKind.Absolute, out var target)
        && (target.Scheme == Uri.UriSchemeHttps || (target.Scheme == Uri.UriSchemeHttp && !secure))
        && target.UserInfo.Length == 0
        && (hosts.Contains(target.Authority) || hosts.Contains($"{target.Host}:{target.Port}"))

        // Browsers read a backslash as a slash, so what follows it could be another host to them.
        && url!.StartsWith($"{target.Scheme}://{target.Authority}", StringComparison.OrdinalIgnoreCase)
        && !url.Contains('\\', StringComparison.Ordinal);

    // "//host" and "/\host" are other hosts to a browser, and it drops tabs and newlines before it looks.
    private static bool IsLocal(string? url) => IsPlain(url) && url is ['/', ..] and not ['/', '/' or '\\', ..];

    private static bool IsPlain(string? url) => url is { Length: <= MaxLength } && !url.Any(char.IsControl);
}
