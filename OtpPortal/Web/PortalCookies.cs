using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// The names and attributes of all cookies of the portal. Outside Development a name begins with <c>__Host-</c>: browsers accept such a
/// cookie only over HTTPS and from this host itself (RFC 6265bis §4.1.3.2), so that a sibling host cannot plant one. A session that is
/// shared with other hosts begins with <c>__Secure-</c>, because <c>__Host-</c> allows no domain. Development uses plain HTTP, over which
/// browsers accept neither prefix.
/// </summary>
public sealed class PortalCookies
{
    /// <summary>The name of the session cookie, without prefix and suffix.</summary>
    internal const string SessionName = "portal_session";

    // Requests without services get the cookies of Production.
    private static readonly PortalCookies Strict = new(isSecure: true, sharedDomain: null);

    public PortalCookies(IHostEnvironment environment, IOptions<ForwardAuthOptions> applications)
        : this(!environment.IsDevelopment(), applications.Value.SharedDomain)
    {
    }

    private PortalCookies(bool isSecure, string? sharedDomain)
    {
        IsSecure = isSecure;
        SharedDomain = sharedDomain;
        LegacySession = sharedDomain is null ? SessionName : SessionName + "_shared";
        Session = (isSecure, sharedDomain) switch
        {
            (false, _) => LegacySession,
            (true, null) => "__Host-" + LegacySession,
            _ => "__Secure-" + LegacySession,
        };
    }

    /// <summary>Whether every cookie is for HTTPS only. Otherwise a cookie is for HTTPS only if its request was.</summary>
    public bool IsSecure { get; }

    /// <summary>The domain whose hosts all get the session; null if only this host gets it.</summary>
    public string? SharedDomain { get; }

    /// <summary>The name of the session cookie.</summary>
    public string Session { get; }

    /// <summary>The name of the session cookie without a prefix, which Development uses, and earlier versions used everywhere.</summary>
    public string LegacySession { get; }

    /// <summary>The name of the cookie with the verifier of the browser's binding.</summary>
    public string Browser => Name("portal_browser");

    /// <summary>The name of the cookie with the flow.</summary>
    public string Flow => Name("portal_flow");

    /// <summary>The name of the cookie with the masked mobile number.</summary>
    public string Mobile => Name("portal_mobile");

    /// <summary>The name of the antiforgery cookie.</summary>
    public string Form => Name("portal_form");

    /// <summary>The cookies for a request, for code without injected services.</summary>
    public static PortalCookies Of(HttpContext context) =>
        ((IServiceProvider?)context.RequestServices)?.GetService<PortalCookies>() ?? Strict;

    /// <summary>
    /// The attributes of the portal's own cookies. They last a day and not only until the browser ends, because a phone may end the browser
    /// while its owner reads the code in another app.
    /// </summary>
    public CookieOptions Private(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = IsSecure || context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        MaxAge = TimeSpan.FromDays(1),
        IsEssential = true,
        Path = "/",
    };

    /// <summary>The name of a cookie for this host alone.</summary>
    internal string Name(string name) => IsSecure ? "__Host-" + name : name;
}
