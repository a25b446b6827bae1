using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Checks whether a person is an administrator now. Every request is checked, but a circuit outlives its request and must check again.
/// </summary>
internal sealed class AdminCheck(IDbContextFactory<PortalDbContext> databases, Sessions sessions, TimeProvider clock)
{
    /// <summary>Whether the account still exists and is an administrator's, and the session has not ended.</summary>
    public async Task<bool> IsAdminAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var id = person.FindFirstValue(ClaimTypes.NameIdentifier);
        var session = person.FindFirstValue(Sessions.Claim);
        if (id is null || session is null)
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await sessions.Live(db, clock.GetUtcNow()).AnyAsync(row => row.Id == session && row.UserId == id, cancellationToken)
            && await db.Users.AnyAsync(user => user.Id == id && user.IsAdmin, cancellationToken);
    }
}
