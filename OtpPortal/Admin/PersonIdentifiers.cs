using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>The identifiers by which the failure budgets of a person are counted.</summary>
/// <param name="Email">The address: codes of every purpose, and passwords.</param>
/// <param name="Mobile">The mobile number, or null.</param>
/// <param name="OfMobile">The purpose whose codes to the number belong to this person; null for every purpose. If the number is not
/// verified, only the codes that verify it are the person's, because the number may be somebody else's.</param>
internal sealed record PersonIdentifiers(string Email, string? Mobile, Purpose? OfMobile)
{
    /// <summary>The identifiers to which codes are sent.</summary>
    public IEnumerable<string> Addresses => Mobile is null ? [Email] : [Email, Mobile];

    public static PersonIdentifiers Of(string email, string? mobile, bool isMobileVerified) =>
        new(email, mobile, isMobileVerified ? null : Purpose.Register);
}
