using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// The names and attributes of all cookies of the portal. Outside Development a name begins with <c>__Host-</c>: browsers take such a
/// cookie only over HTTPS and from this host itself (RFC 6265bis §4.1.3.2), so that a sibling host cannot plant one. A session that is
/// shared with other hosts begins with
/// <c>__Secure-</c>, because <c>__Host-</c> allows no domain. Development speaks plain HTTP, over which browsers take neither.
/// </summary>
public sealed class PortalCookies
{
    /// <summary>What the session's name begins with, after its prefix.</summary>
    internal const string SessionName = "portal_session";

    // Where there are no services, as strict as it is outside Development.
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

    /// <summary>Whether every cookie is for HTTPS only, whatever the request came by. Otherwise that is as the request was.</summary>
    public bool IsSecure { get; }

    /// <summary>The domain whose hosts all get the session; null if it is for this host alone.</summary>
    public string? SharedDomain { get; }

    /// <summary>The signed-in session.</summary>
    public string Session { get; }

    /// <summary>The session's name without a prefix, as it is in Development and was everywhere before there were prefixes.</summary>
    public string LegacySession { get; }

    /// <summary>The verifier of the browser's binding.</summary>
    public string Browser => Name("portal_browser");

    /// <summary>What the browser is in the middle of.</summary>
    public string Flow => Name("portal_flow");

    /// <summary>The masked mobile number.</summary>
    public string Mobile => Name("portal_mobile");

    /// <summary>The antiforgery token.</summary>
    public string Form => Name("portal_form");

    /// <summary>The cookies of the portal that a request belongs to.</summary>
    public static PortalCookies Of(HttpContext context) =>
        ((IServiceProvider?)context.RequestServices)?.GetService<PortalCookies>() ?? Strict;

    /// <summary>
    /// What the portal's own cookies have in common. They outlive the browser's process by a day: a phone ends it while its owner reads the
    /// code in another app.
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
