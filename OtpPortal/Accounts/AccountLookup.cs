using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Finds the account that an identifier names.</summary>
internal static class AccountLookup
{
    /// <summary>The account of an identifier. A mobile number identifies an account only once it is verified.</summary>
    public static IQueryable<PortalUser> Find(PortalDbContext db, Identifier identifier)
    {
        var value = identifier.Value;
        return identifier is MobileNumber
            ? db.Users.Where(user => user.PhoneNumber == value && user.PhoneNumberConfirmed)
            : db.Users.Where(user => user.NormalizedEmail == value);
    }

    /// <summary>Whether there is an account, or a registration that may become one.</summary>
    public static async Task<bool> IsKnownAsync(PortalDbContext db, Identifier identifier, CancellationToken cancellationToken) =>
        await Find(db, identifier).AnyAsync(cancellationToken)
        || (identifier is EmailAddress email && await PendingRegistrations.AnyAsync(db, email));
}
