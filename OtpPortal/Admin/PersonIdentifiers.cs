using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>By which keys the failure budgets of a person are counted.</summary>
/// <param name="Email">The address: codes of every purpose, and passwords.</param>
/// <param name="Mobile">The mobile number, or null.</param>
/// <param name="OfMobile"> The purpose whose codes to that number are this person's: of a number that is not proven only those that would
/// prove it, because the others are somebody else's. Null for every purpose.
/// </param>
internal sealed record PersonIdentifiers(string Email, string? Mobile, Purpose? OfMobile)
{
    /// <summary>The addresses to which codes are sent.</summary>
    public IEnumerable<string> Addresses => Mobile is null ? [Email] : [Email, Mobile];

    /// <summary>Those of an account.</summary>
    public static PersonIdentifiers Of(string email, string? mobile, bool isMobileVerified) =>
        new(email, mobile, isMobileVerified ? null : Purpose.Register);
}
