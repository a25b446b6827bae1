using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Web;

/// <summary>
/// Protects text that stands in an address or a form, so that only this portal can read it. What an administrator searches for is part of
/// the page's address, so that going back and bookmarks work, but browsers and proxies keep addresses and must not learn it.
/// </summary>
internal sealed class ProtectedText(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.ProtectedText");

    /// <summary>
    /// Protects for one purpose only: text that was protected for another purpose cannot be read. A page that shows the text must not be
    /// given a secret that another page protected.
    /// </summary>
    public ProtectedText For(string purpose) => new(protector, purpose);

    private ProtectedText(IDataProtector parent, string purpose)
        : this(parent) => protector = parent.CreateProtector(purpose);

    public string Protect(string text) => protector.Protect(text);

    /// <summary>Reads a protected text; null if it was changed, or if the key is no longer there.</summary>
    public string? Unprotect(string text)
    {
        try
        {
            return protector.Unprotect(text);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
