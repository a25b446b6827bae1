using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Changes the mobile number of an account.</summary>
internal sealed class AccountMobiles(AccessRevocation revocation, TextLimits texts, WriteLane lane)
{
    /// <summary>Sets another number, which is not verified yet, or removes the number.</summary>
    /// <param name="typed">Empty to remove the number.</param>
    /// <param name="session">The session that makes the change. All other sessions are ended if the old number was verified.</param>
    /// <returns>The error for the person, or null.</returns>
    public async Task<string?> ChangeAsync(string userId, string? typed, string? session, CancellationToken cancellationToken)
    {
        var number = MobileNumber.Parse(typed, out var error);
        if (error is null && number is not null && !texts.Covers(number))
        {
            error = "Codes cannot be sent to this country. Enter another number, or leave it empty.";
        }

        if (error is null)
        {
            await lane.RunAsync(db => ChangeAsync(db, userId, number, session, cancellationToken), cancellationToken);
        }

        return error;
    }

    private async Task ChangeAsync(
        PortalDbContext db, string userId, MobileNumber? number, string? session, CancellationToken cancellationToken)
    {
        if (await db.Users.SingleOrDefaultAsync(row => row.Id == userId, cancellationToken) is not { } user
            || user.PhoneNumber == number?.Value)
        {
            return;
        }

        if (user.PhoneNumberConfirmed)
        {
            // Whoever holds the old number could sign in with it.
            await revocation.RevokeAllAsync(db, user, session);
        }

        user.PhoneNumber = number?.Value;
        user.PhoneNumberConfirmed = false;
        await db.SaveChangesAsync(cancellationToken);
    }
}
