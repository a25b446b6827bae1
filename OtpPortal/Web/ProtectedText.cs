using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Web;

/// <summary>
/// Text that only this portal can read. What an administrator looks for stands in the address of the page, so that going back and bookmarks
/// work; a person's address must not, because browsers and proxies keep what they are asked for.
/// </summary>
public sealed class ProtectedText(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.SealedText");

    /// <summary>
    /// Seals for one purpose. What was sealed for another one cannot be opened: a page that shows what it opens must not be given a
    /// secret that stands sealed in another.
    /// </summary>
    public ProtectedText For(string purpose) => new(protector, purpose);

    private ProtectedText(IDataProtector parent, string purpose)
        : this(parent) => protector = parent.CreateProtector(purpose);

    /// <summary>Seals a text, for a URL.</summary>
    public string Protect(string text) => protector.Protect(text);

    /// <summary>Opens what was sealed; null if it was not, or with keys that are gone.</summary>
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
