using OtpPortal.Data;
using OtpPortal.Otp;
using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Accounts;

/// <summary>
/// The one operation that ends everything by which somebody could get into an account, for whatever reason that is wanted.
/// </summary>
public sealed class AccessRevocation(OtpService otp)
{
    /// <summary>
    /// Ends sessions, refresh tokens, reset tickets, sign-ins that wait for their second factor, and all codes of the account's
    /// identifiers, those that are on their way
    /// included. The caller saves what it changes itself.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="user">The account, tracked by <paramref name="db"/>.</param>
    /// <param name="exceptSession">A session that goes on, or null.</param>
    public async Task RevokeAllAsync(PortalDbContext db, PortalUser user, string? exceptSession = null)
    {
        user.SecurityStamp = SecretToken.Create();
        user.ResetTicketHash = null;
        user.ResetTicketExpiresAt = null;
        await db.SaveChangesAsync();
        await Sessions.EndAllAsync(db, user.Id, exceptSession);
        await db.LoginTokens.Where(token => token.UserId == user.Id).ExecuteDeleteAsync();

        // A number that is not proven may be somebody else's.
        await otp.EndAllAsync(db, user.VerifiedMobile is { } number ? [user.EmailAddress, number] : [user.EmailAddress]);
    }
}
