using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Whom a notice about codes reaches.</summary>
public sealed class IdentifierOwners : IIdentifierOwners
{
    /// <summary>
    /// The owner of an address is whoever reads it, with or without an account. A number that is still being verified has no account that
    /// anybody could get into with it.
    /// </summary>
    public async Task<EmailAddress?> FindAddressAsync(PortalDbContext db, Identifier identifier) =>
        identifier as EmailAddress ?? (await AccountLookup.Find(db, identifier).AsNoTracking().SingleOrDefaultAsync())?.EmailAddress;
}
