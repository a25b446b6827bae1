using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>The identifiers by which the failure budgets of a person are counted.</summary>
/// <param name="Email">The address: codes of every purpose, and passwords.</param>
/// <param name="Mobile">The mobile number, or null.</param>
/// <param name="OfMobile">
/// The purpose whose codes to that number are this person's: of a number that is not proven only those that would
/// prove it, because the others are somebody else's. Null for every purpose.
/// </param>
internal sealed record PersonIdentifiers(EmailAddress Email, MobileNumber? Mobile, Purpose? OfMobile)
{
    /// <summary>The addresses to which codes are sent.</summary>
    public IEnumerable<string> Addresses => Mobile is null ? [Email.Value] : [Email.Value, Mobile.Value];

    public static PersonIdentifiers Of(string email, string? mobile, bool isMobileVerified) =>
        new(
            EmailAddress.FromStored(email),
            mobile is null ? null : MobileNumber.FromStored(mobile),
            isMobileVerified ? null : Purpose.Register);

    /// <inheritdoc cref="Of(string, string, bool)"/>
    public static PersonIdentifiers Of(PortalUser user) => Of(user.NormalizedEmail!, user.PhoneNumber, user.PhoneNumberConfirmed);
}
