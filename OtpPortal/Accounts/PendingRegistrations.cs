using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What a registrant typed, checked and ready to be kept: the password only as its hash.</summary>
public sealed record RegistrationData(string PasswordHash, string? FirstName, string? LastName, string? UserName, string? Mobile);

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
    public static Task<PendingRegistration?> FindAsync(PortalDbContext db, string email, Binding binding) =>
        db.PendingRegistrations.SingleOrDefaultAsync(row => row.Email == email && row.Binding == binding.Challenge);

    /// <summary>Whether anybody has registered the address and waits for its code.</summary>
    public static Task<bool> AnyAsync(PortalDbContext db, string email) => db.PendingRegistrations.AnyAsync(row => row.Email == email);

    /// <summary>Keeps what was typed, in the place of what the same binding typed before.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The normalised address.</param>
    /// <param name="binding">Where it was typed.</param>
    /// <param name="data">What was typed.</param>
    /// <param name="isContested">Whether somebody else may have typed something else; once that is so, it stays so.</param>
    public async Task WriteAsync(PortalDbContext db, string email, Binding binding, RegistrationData data, bool isContested)
    {
        var row = await FindAsync(db, email, binding)
            ?? db.PendingRegistrations.Add(new PendingRegistration { Email = email, Binding = binding.Challenge }).Entity;
        row.PasswordHash = data.PasswordHash;
        row.FirstName = data.FirstName;
        row.LastName = data.LastName;
        row.UserName = data.UserName;
        row.Mobile = data.Mobile;
        row.RegisteredAt = clock.GetUtcNow();
        row.IsContested |= isContested;
        await db.SaveChangesAsync();
    }

    /// <summary>Notes that somebody else has typed something else. It goes on answering as before.</summary>
    public static async Task ContestAsync(PortalDbContext db, PendingRegistration row)
    {
        row.IsContested = true;
        await db.SaveChangesAsync();
    }

    /// <summary>Makes the account of an address whose code was right.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The address, which has no account.</param>
    /// <param name="binding">Where the code was entered.</param>
    /// <param name="purpose">What the code was for.</param>
    /// <returns>Null if nobody has registered the address.</returns>
    public async Task<PortalUser?> PromoteAsync(PortalDbContext db, string email, Binding binding, Purpose purpose)
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
    internal PortalUser NewAccount(string email) => new()
    {
        Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString(),
        UserName = email,
        NormalizedUserName = email,
        Email = email,
        NormalizedEmail = email,
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

/// <summary>Removes registrations whose address was not proven in time.</summary>
public sealed class PendingRegistrationPurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "pending registrations";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        // Not while a code is on its way: it was asked for again at the last minute, and would meet no registration.
        """
        DELETE FROM PendingRegistrations WHERE (Email, Binding) IN
            (SELECT Email, Binding FROM PendingRegistrations WHERE RegisteredAt <= {0}
                AND NOT EXISTS (SELECT 1 FROM OtpCodes WHERE OtpCodes.Email = PendingRegistrations.Email AND ExpiresAt > {0} + 86400000)
             LIMIT {1})
        """,
        clock.GetUtcNow() - PendingRegistrations.Lifetime,
        cancellationToken);
}
