namespace OtpPortal.ForwardAuth;

/// <summary>
/// What a proxy says of the request that it asks about. Anybody else may say it too: it decides nothing but where that client is sent after
/// signing in.
/// </summary>
internal static class OriginalRequest
{
    /// <summary>Where the person is to go after signing in; null if nobody said where they were going.</summary>
    public static string? WhereTo(HttpRequest check)
    {
        if (Url(check) is not { } url || Method(check) is "GET" or "HEAD")
        {
            return Url(check);
        }

        // A form that was sent after the session ended cannot be sent again by a redirect: the person goes back to the page that it was on.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target))
        {
            return null;
        }

        var root = $"{target.GetLeftPart(UriPartial.Authority)}/";
        return check.Headers.Referer is [{ } page] && page.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? page : root;
    }

    /// <summary>In one header, as nginx is told to send it, or in the three of Traefik and Caddy.</summary>
    private static string? Url(HttpRequest check)
    {
        if (check.Headers["X-Original-URL"] is [{ } whole])
        {
            return whole;
        }

        return check.Headers["X-Forwarded-Host"] is [{ } host] && check.Headers["X-Forwarded-Uri"] is [{ } uri]
            ? $"{(check.Headers["X-Forwarded-Proto"] is [{ } scheme] ? scheme : check.Scheme)}://{host}{uri}"
            : null;
    }

    private static string Method(HttpRequest check) =>
        check.Headers["X-Original-Method"] is [{ } told]
            ? told
            : check.Headers["X-Forwarded-Method"] is [{ } forwarded] ? forwarded : HttpMethods.Get;
}
