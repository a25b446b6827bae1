namespace OtpPortal.Web;

/// <summary>
/// A form that was refused because it came over plain HTTP, where browsers send none of the portal's cookies. The error page says so:
/// otherwise a portal without TLS, or behind a proxy that is not configured, would look as if every form were out of date.
/// </summary>
internal sealed class NeedsHttps
{
    private static readonly NeedsHttps Here = new();

    private NeedsHttps()
    {
    }

    /// <summary>Whether a request was refused for this reason.</summary>
    public static bool Is(HttpContext context) => context.Features.Get<NeedsHttps>() is not null;

    /// <summary>Marks a form without a valid token, if plain HTTP is the reason.</summary>
    internal static void Mark(HttpContext context, PortalCookies cookies)
    {
        if (cookies.IsSecure && !context.Request.IsHttps && !context.Request.Cookies.ContainsKey(cookies.Form))
        {
            context.Features.Set(Here);
        }
    }
}
