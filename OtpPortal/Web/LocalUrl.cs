namespace OtpPortal.Web;

/// <summary>The one judge of where a redirect may go: to a path of this portal, and nowhere else.</summary>
public static class LocalUrl
{
    /// <summary>The path if it is local, otherwise <paramref name="fallback"/>.</summary>
    /// <param name="url">What a stranger may have put into <c>returnUrl</c>.</param>
    /// <param name="fallback">A path of ours.</param>
    public static string Or(string? url, string fallback) => IsLocal(url) ? url! : fallback;

    // "//host" and "/\host" are other hosts to a browser, and it drops tabs and newlines before it looks.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) && url.Length <= 2000;
}
