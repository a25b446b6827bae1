using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Whether a person is an administrator now. A request is checked as it comes; what lives on without requests, in a circuit, must ask again.
/// </summary>
public sealed class AdminCheck(IDbContextFactory<PortalDbContext> databases, IOptions<IdentityOptions> options)
{
    /// <summary>Whether the account is still there and an administrator's, and the session was not ended by a new password or by an administrator.</summary>
    public async Task<bool> IsAdminAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        var id = person.FindFirstValue(ClaimTypes.NameIdentifier);
        var stamp = person.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType);
        if (id is null || stamp is null)
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(user => user.Id == id && user.IsAdmin && user.SecurityStamp == stamp, cancel);
    }
}
