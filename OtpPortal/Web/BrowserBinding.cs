using System.Buffers.Text;
using System.Security.Cryptography;
using OtpPortal.Otp;

namespace OtpPortal.Web;

/// <summary>The random verifier that a browser holds in a cookie, to which its codes are bound.</summary>
internal static class BrowserBinding
{
    /// <summary>A verifier of 32 bytes in base64url.</summary>
    private const int Length = 43;

    /// <summary>The binding of the browser that sent the request. A browser without a verifier gets one.</summary>
    public static Binding Read(HttpContext context)
    {
        var verifier = context.Request.Cookies[PortalCookies.Of(context).Browser];
        if (verifier is not { Length: Length })
        {
            verifier = context.Items[typeof(BrowserBinding)] as string ?? GetOrCreate(context);
        }

        return Binding.FromVerifier(verifier);
    }

    private static string GetOrCreate(HttpContext context)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        context.Items[typeof(BrowserBinding)] = verifier;
        var cookies = PortalCookies.Of(context);
        context.Response.Cookies.Append(cookies.Browser, verifier, cookies.Private(context));
        return verifier;
    }
}
