using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Web;

/// <summary>
/// The masked mobile number of the person who last signed in with this browser. No other browser shows it, because it would reveal that an
/// address has an account.
/// </summary>
public sealed class KnownMobile(IDataProtectionProvider protection, PortalCookies cookies)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.KnownMobile");

    /// <summary>Remembers the number for half a year; null deletes it.</summary>
    public void Remember(HttpContext context, string? masked)
    {
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
            return context.Request.Cookies[cookies.Mobile] is { Length: > 0 } text ? protector.Unprotect(text) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
