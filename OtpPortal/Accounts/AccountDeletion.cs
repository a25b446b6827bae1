using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Deletes an account and all its data, except its events in the activity log.</summary>
public sealed class AccountDeletion(AccessRevocation revocation)
{
    /// <summary>
    /// Deletes within the caller's unit of work. The rows of the account's codes stay unchanged until they are purged, because a missing
    /// cooldown would reveal the deletion to strangers.
    /// </summary>
    public async Task DeleteAsync(PortalDbContext db, PortalUser user)
    {
        await revocation.RevokeAllAsync(db, user);
        await PasswordThrottle.ClearAsync(db, user.EmailAddress);
        await PendingRegistrations.ClearRegistrantDataAsync(db, user.EmailAddress);
        await db.Users.Where(row => row.Id == user.Id).ExecuteDeleteAsync();
    }
}
