using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Deletes an account with all that belongs to it. The activity log keeps what it has.</summary>
public sealed class AccountDeletion(AccessRevocation revocation)
{
    /// <summary>
    /// Deletes within the caller's unit of work. The rows of the account's codes stay until they are purged, and look as if nothing had
    /// happened: their cooldown would tell a stranger otherwise.
    /// </summary>
    public async Task DeleteAsync(PortalDbContext db, PortalUser user)
    {
        await revocation.RevokeAllAsync(db, user);
        await PasswordThrottle.ClearAsync(db, user.EmailAddress);
        await PendingRegistrations.ClearRegistrantDataAsync(db, user.EmailAddress);
        await db.Users.Where(row => row.Id == user.Id).ExecuteDeleteAsync();
    }
}
