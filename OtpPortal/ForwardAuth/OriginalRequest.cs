namespace OtpPortal.ForwardAuth;

/// <summary>
/// The request for which a proxy calls the check, as the proxy describes it. Anybody could send these headers, so they only decide where
/// the client goes after signing in.
/// </summary>
internal static class OriginalRequest
{
    /// <summary>The URL to which the person returns after signing in; null if the proxy did not send one.</summary>
    public static string? WhereTo(HttpRequest check)
    {
        if (Url(check) is not { } url || Method(check) is "GET" or "HEAD")
        {
            return Url(check);
        }

        // A redirect cannot repeat a form that was sent after the session ended, so the person returns to the page of the form.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target))
        {
            return null;
        }

        var root = $"{target.GetLeftPart(UriPartial.Authority)}/";
        return check.Headers.Referer is [{ } page] && page.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? page : root;
    }

    /// <summary>The URL comes in one header, which nginx is configured to send, or in the three headers of Traefik and Caddy.</summary>
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
        check.Headers["X-Original-Method"] is [{ } method]
            ? method
            : check.Headers["X-Forwarded-Method"] is [{ } forwarded] ? forwarded : HttpMethods.Get;
}
