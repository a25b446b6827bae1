using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Web;

/// <summary>
/// The masked mobile number of who signed in last with this browser. Only such a browser is shown it: to anybody else it would tell that an
/// address has an account.
/// </summary>
public sealed class KnownMobile(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.KnownMobile");

    /// <summary>Remembers it for half a year, or forgets it if there is none.</summary>
    public void Remember(HttpContext context, string? masked)
    {
        var cookies = PortalCookies.Of(context);
        var options = cookies.Private(context);
        options.MaxAge = TimeSpan.FromDays(180);
        if (masked is null)
        {
            context.Response.Cookies.Delete(cookies.Mobile, options);
        }
        else
        {
            context.Response.Cookies.Append(cookies.Mobile, protector.Protect(masked), options);
        }
    }

    /// <summary>The masked number, or null.</summary>
    public string? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[PortalCookies.Of(context).Mobile] is { Length: > 0 } text ? protector.Unprotect(text) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
