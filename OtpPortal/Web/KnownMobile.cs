using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Web;

/// <summary>
/// The masked mobile number of who signed in last with this browser. Only such a browser is shown it: to anybody else it would tell that an
/// address has an account.
/// </summary>
public sealed class KnownMobile(IDataProtectionProvider protection)
{
    private const string Cookie = "portal_mobile";

    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.KnownMobile");

    /// <summary>Remembers it for half a year, or forgets it if there is none.</summary>
    public void Remember(HttpContext context, string? masked)
    {
        var options = BrowserBinding.Private(context);
        options.MaxAge = TimeSpan.FromDays(180);
        if (masked is null)
        {
            context.Response.Cookies.Delete(Cookie, options);
        }
        else
        {
            context.Response.Cookies.Append(Cookie, protector.Protect(masked), options);
        }
    }

    /// <summary>The masked number, or null.</summary>
    public string? Of(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[Cookie] is { Length: > 0 } text ? protector.Unprotect(text) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
