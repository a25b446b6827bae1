using System.Buffers.Text;
using System.Security.Cryptography;
using OtpPortal.Otp;

namespace OtpPortal.Web;

/// <summary>The random verifier that a browser holds in a cookie, to which its codes are bound.</summary>
public static class BrowserBinding
{
    private const string Cookie = "portal_browser";

    /// <summary>A verifier of 32 bytes in base64url.</summary>
    private const int Length = 43;

    /// <summary>The binding of the browser that sent this request; one that has no verifier yet is given one.</summary>
    public static Binding Of(HttpContext context)
    {
        var verifier = context.Request.Cookies[Cookie];
        if (verifier is not { Length: Length })
        {
            verifier = context.Items[Cookie] as string ?? Give(context);
        }

        return Binding.FromVerifier(verifier);
    }

    private static string Give(HttpContext context)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        context.Items[Cookie] = verifier;
        context.Response.Cookies.Append(Cookie, verifier, Private(context));
        return verifier;
    }

    /// <summary>
    /// What the portal's own cookies have in common. They outlive the browser's process by a day: a phone ends it while its owner
    /// reads the code in another app.
    /// </summary>
    internal static CookieOptions Private(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        MaxAge = TimeSpan.FromDays(1),
        IsEssential = true,
        Path = "/",
    };
}
