using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A registrant's input after validation, with the password as a hash.</summary>
public sealed record RegistrationData(string PasswordHash, string? FirstName, string? LastName, string? UserName, MobileNumber? Mobile);

/// <summary>
/// The registrations whose address is not verified yet: one row for each address and binding, written in the same way whether or not the
/// address has an account. The responses to a registration stay the same for its whole lifetime, so that nobody learns what became of the
/// address.
/// </summary>
public sealed class PendingRegistrations(TimeProvider clock)
{
    /// <summary>How long a registration waits for its code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static Task<PendingRegistration?> FindAsync(PortalDbContext db, EmailAddress email, Binding binding)
    {
        var (address, challenge) = (email.Value, binding.Challenge);
        return db.PendingRegistrations.SingleOrDefaultAsync(row => row.Email == address && row.Binding == challenge);
    }

    /// <summary>Whether the address has a registration, under any binding.</summary>
    public static Task<bool> AnyAsync(PortalDbContext db, EmailAddress email)
    {
        var address = email.Value;
        return db.PendingRegistrations.AnyAsync(row => row.Email == address);
    }

    /// <summary>Stores a registration, which replaces an earlier one of the same binding.</summary>
    /// <param name="isContested">Whether somebody else may have entered something else. A contested registration stays contested.</param>
    public async Task WriteAsync(PortalDbContext db, EmailAddress email, Binding binding, RegistrationData data, bool isContested)
    {
        var row = await FindAsync(db, email, binding)
            ?? db.PendingRegistrations.Add(new PendingRegistration { Email = email.Value, Binding = binding.Challenge }).Entity;
        row.PasswordHash = data.PasswordHash;
        row.FirstName = data.FirstName;
        row.LastName = data.LastName;
        row.UserName = data.UserName;
        row.Mobile = data.Mobile?.Value;
        row.RegisteredAt = clock.GetUtcNow();
        row.IsContested |= isContested;
        await db.SaveChangesAsync();
    }

    /// <summary>
    /// Marks a registration as contested, because somebody else entered something else. The responses to it stay the same.
    /// </summary>
    public static Task ContestAsync(PortalDbContext db, EmailAddress email, Binding binding)
    {
        var (address, challenge) = (email.Value, binding.Challenge);
        return db.PendingRegistrations.Where(row => row.Email == address && row.Binding == challenge)
            .ExecuteUpdateAsync(row => row.SetProperty(pending => pending.IsContested, true));
    }

    /// <summary>
    /// Clears what was entered for an address. The responses to its registrations stay the same, but no account is created from the cleared
    /// data.
    /// </summary>
    public static Task ClearRegistrantDataAsync(PortalDbContext db, EmailAddress email)
    {
        var address = email.Value;
        return db.PendingRegistrations.Where(row => row.Email == address).ExecuteUpdateAsync(row => row
            .SetProperty(pending => pending.IsContested, true)
            .SetProperty(pending => pending.FirstName, (string?)null)
            .SetProperty(pending => pending.LastName, (string?)null)
            .SetProperty(pending => pending.UserName, (string?)null)
            .SetProperty(pending => pending.Mobile, (string?)null));
    }

    /// <summary>Creates the account of an address after its correct code.</summary>
    /// <param name="email">An address without an account.</param>
    /// <param name="binding">The browser or program in which the code was entered.</param>
    /// <returns>Null if nobody has registered the address.</returns>
    public async Task<PortalUser?> PromoteAsync(PortalDbContext db, EmailAddress email, Binding binding, Purpose purpose)
    {
        if (!await AnyAsync(db, email))
        {
            return null;
        }

        // Somebody else may have registered the address too and know the password of that registration, so only what was entered in the
        // same browser or program as the code is kept. Programs without a binding cannot be distinguished; among them, only the code of a
        // registration shows that the registrant is the owner.
        var registration = binding != Binding.None || purpose == Purpose.Register ? await FindAsync(db, email, binding) : null;
        var user = NewAccount(email);
        user.RegisteredAt = registration?.RegisteredAt ?? clock.GetUtcNow();
        if (registration is { IsContested: false })
        {
            user.PasswordHash = registration.PasswordHash;
            user.FirstName = registration.FirstName;
            user.LastName = registration.LastName;
            user.PhoneNumber = registration.Mobile;
            await NameAsync(db, user, registration.UserName);
        }

        db.Users.Add(user);

        // Only the holder of the binding sees this row. Rows without a binding are shared, and give the same responses until they are
        // purged.
        if (registration is { Binding.Length: > 0 })
        {
            db.PendingRegistrations.Remove(registration);
        }

        await db.SaveChangesAsync();
        return user;
    }

    /// <summary>An account that has nothing but its verified address.</summary>
    internal PortalUser NewAccount(EmailAddress email) => new()
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString(),
        UserName = email.Value,
        NormalizedUserName = email.Value,
        Email = email.Value,
        NormalizedEmail = email.Value,
        EmailConfirmed = true,
        SecurityStamp = SecretToken.Create(),
        ConcurrencyStamp = SecretToken.Create(),
    };

    // If somebody else has taken the user name in the meantime, the address is used instead, as if none had been chosen.
    private static async Task NameAsync(PortalDbContext db, PortalUser user, string? userName)
    {
        if (userName is null || UserName.Normalise(userName) is var name && await db.Users.AnyAsync(row => row.NormalizedUserName == name))
        {
            return;
        }

        user.UserName = userName;
        user.NormalizedUserName = UserName.Normalise(userName);
    }
}
