using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What a registrant typed, checked and ready to be kept: the password only as its hash.</summary>
public sealed record RegistrationData(string PasswordHash, string? FirstName, string? LastName, string? UserName, MobileNumber? Mobile);

/// <summary>
/// The registrations whose address is not proven yet: one row for each address and binding, written in the same way whether or not the
/// address has an account. They
/// answer alike for their whole time, whatever becomes of the address, so that nobody learns from them what became of it.
/// </summary>
public sealed class PendingRegistrations(TimeProvider clock)
{
    /// <summary>How long a registration waits for its code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The registration of an address by a binding, or null.</summary>
    public static Task<PendingRegistration?> FindAsync(PortalDbContext db, EmailAddress email, Binding binding)
    {
        var (address, challenge) = (email.Value, binding.Challenge);
        return db.PendingRegistrations.SingleOrDefaultAsync(row => row.Email == address && row.Binding == challenge);
    }

    /// <summary>Whether anybody has registered the address and waits for its code.</summary>
    public static Task<bool> AnyAsync(PortalDbContext db, EmailAddress email)
    {
        var address = email.Value;
        return db.PendingRegistrations.AnyAsync(row => row.Email == address);
    }

    /// <summary>Keeps what was typed, in the place of what the same binding typed before.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The normalised address.</param>
    /// <param name="binding">Where it was typed.</param>
    /// <param name="data">What was typed.</param>
    /// <param name="isContested">Whether somebody else may have typed something else; once that is so, it stays so.</param>
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

    /// <summary>Notes that somebody else has typed something else. The registration goes on answering as before.</summary>
    public static Task ContestAsync(PortalDbContext db, EmailAddress email, Binding binding)
    {
        var (address, challenge) = (email.Value, binding.Challenge);
        return db.PendingRegistrations.Where(row => row.Email == address && row.Binding == challenge)
            .ExecuteUpdateAsync(row => row.SetProperty(pending => pending.IsContested, true));
    }

    /// <summary>
    /// Forgets what was typed for an address. Its registrations go on answering, but nothing that was typed becomes an account's again.
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

    /// <summary>Makes the account of an address whose code was right.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The address, which has no account.</param>
    /// <param name="binding">Where the code was entered.</param>
    /// <param name="purpose">What the code was for.</param>
    /// <returns>Null if nobody has registered the address.</returns>
    public async Task<PortalUser?> PromoteAsync(PortalDbContext db, EmailAddress email, Binding binding, Purpose purpose)
    {
        if (!await AnyAsync(db, email))
        {
            return null;
        }

        // Somebody else may have registered the address too, and knows the password that they typed: only what was typed where the code
        // is entered is kept. Programs
        // without a binding all look alike; of them, only a registration's own code says that its registrant is the owner.
        var typed = binding != Binding.None || purpose == Purpose.Register ? await FindAsync(db, email, binding) : null;
        var user = NewAccount(email);
        user.RegisteredAt = typed?.RegisteredAt ?? clock.GetUtcNow();
        if (typed is { IsContested: false })
        {
            user.PasswordHash = typed.PasswordHash;
            user.FirstName = typed.FirstName;
            user.LastName = typed.LastName;
            user.PhoneNumber = typed.Mobile;
            await NameAsync(db, user, typed.UserName);
        }

        db.Users.Add(user);

        // Only whoever holds the binding sees this row. Those without a binding are shared by all, and go on answering until they are
        // purged.
        if (typed is { Binding.Length: > 0 })
        {
            db.PendingRegistrations.Remove(typed);
        }

        await db.SaveChangesAsync();
        return user;
    }

    /// <summary>An account that holds nothing but its address, which is proven.</summary>
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

    // A name that somebody else has taken since: the address stands in its place, as where none was chosen.
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
