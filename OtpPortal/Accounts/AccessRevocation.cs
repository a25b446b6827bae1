using OtpPortal.Data;
using OtpPortal.Otp;
using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Accounts;

/// <summary>Revokes everything that gives access to an account.</summary>
public sealed class AccessRevocation(OtpService otp)
{
    /// <summary>
    /// Ends the account's sessions, refresh tokens, reset tickets, pending second factors and all codes of its identifiers, including codes
    /// that are still being delivered. The caller saves its own changes.
    /// </summary>
    /// <param name="user">Must be tracked by <paramref name="db"/>.</param>
    /// <param name="exceptSession">A session to keep, or null.</param>
    public async Task RevokeAllAsync(PortalDbContext db, PortalUser user, string? exceptSession = null)
    {
        user.SecurityStamp = SecretToken.Create();
        user.ResetTicketHash = null;
        user.ResetTicketExpiresAt = null;
        await db.SaveChangesAsync();
        await Sessions.EndAllAsync(db, user.Id, exceptSession);
        await db.LoginTokens.Where(token => token.UserId == user.Id).ExecuteDeleteAsync();

        // A number that is not verified may belong to somebody else.
        await otp.EndAllAsync(db, user.VerifiedMobile is { } number ? [user.EmailAddress, number] : [user.EmailAddress]);
    }
}
