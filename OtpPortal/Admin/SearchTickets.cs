using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OtpPortal.Admin;

/// <summary>
/// What an administrator looks for, as it may stand in an address: readable by this portal alone. People are looked for by their addresses and names, and
/// those of a page stand in the logs of proxies and in histories. The form posts the words; the page that they lead to can be left, come back to and paged through
/// like any other.
/// </summary>
public sealed class SearchTickets(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("OtpPortal.Search").ToTimeLimitedDataProtector();

    /// <summary>Makes one, good for a day.</summary>
    public string Make(string words) => protector.Protect(words, Lifetime);

    /// <summary>Reads one; null if it is none of ours, or its day is over.</summary>
    public string? Read(string ticket)
    {
        try
        {
            return protector.Unprotect(ticket);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
