using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Finds the recipients of notices about codes.</summary>
internal sealed class IdentifierOwners : IIdentifierOwners
{
    /// <summary>
    /// The owner of an address is whoever reads its mail, with or without an account. An unverified mobile number has no owner, because
    /// nobody can sign in with it.
    /// </summary>
    public async Task<EmailAddress?> FindAddressAsync(PortalDbContext db, Identifier identifier) =>
        identifier as EmailAddress ?? (await AccountLookup.Find(db, identifier).AsNoTracking().SingleOrDefaultAsync())?.EmailAddress;
}
