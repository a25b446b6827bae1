using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>The mobile number that a person names in their account.</summary>
public sealed class AccountMobiles(AccessRevocation revocation, TextLimits texts, WriteLane lane)
{
    /// <summary>Names another number, which is not proven, or none.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="typed">As typed; empty to remove the number.</param>
    /// <param name="session">The session in which it is named; all others are ended if a proven number goes.</param>
    /// <returns>What is wrong and what to do, or null.</returns>
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
