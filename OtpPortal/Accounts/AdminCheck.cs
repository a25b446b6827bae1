using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Whether a person is an administrator now. A request is checked as it comes; what lives on without requests, in a circuit, must ask
/// again.
/// </summary>
public sealed class AdminCheck(IDbContextFactory<PortalDbContext> databases, Sessions sessions, TimeProvider clock)
{
    /// <summary>Whether the account is still there and an administrator's, and the session has not ended.</summary>
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
