using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What follows from a right code: whoever entered it reads the address's mail.</summary>
public sealed class AccountProof(IOptions<AdminOptions> admins, TimeProvider clock)
{
    /// <summary>Verifies the account of the address, if it was not yet, and gives it back for change within the transaction.</summary>
    /// <param name="db">The caller's unit of work; the caller saves.</param>
    /// <param name="email">The address whose code was right.</param>
    /// <param name="binding">The browser in which it was entered.</param>
    /// <param name="purpose">What the code was for.</param>
    public async Task<PortalUser?> ApplyAsync(PortalDbContext db, string email, Binding binding, Purpose purpose)
    {
        if (PersonAddress.IsMobile(email))
        {
            // A mobile proves nothing about the address of its account, so it must have been proven before.
            return await db.Users.SingleOrDefaultAsync(row => row.PhoneNumber == email && row.PhoneNumberConfirmed && row.EmailConfirmed);
        }

        var user = await db.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == email);
        if (user is { EmailConfirmed: false })
        {
            user.EmailConfirmed = true;

            // Somebody else may have prepared this account, and knows the password that he typed: nothing of his remains. Clients
            // without a binding all look alike; of them, only a registration's own code says that it is the registrant's.
            if (user.RegisteredBinding != binding.Challenge || (binding == Binding.None && purpose != Purpose.Register))
            {
                Forget(user);
            }
        }

        return user;
    }

    /// <summary>Notes that the person signs in now, and makes an administrator of one whom <c>Admin:Emails</c> names.</summary>
    public async Task NoteSignInAsync(PortalDbContext db, PortalUser user)
    {
        var now = clock.GetUtcNow();
        user.LastSignInAt = now;
        if (!user.IsAdmin && user.EmailConfirmed && admins.Value.Names(user.NormalizedEmail!))
        {
            user.IsAdmin = true;
            await db.NoteAsync(new() { At = now, Kind = ActivityKind.AdminGranted, Address = user.NormalizedEmail!, Detail = "named by Admin:Emails" });
        }

        await db.SaveChangesAsync();
        await db.NoteAsync(new() { At = now, Kind = ActivityKind.SignedIn, Address = user.NormalizedEmail! });
    }

    /// <summary>Takes from an unverified account whatever a registrant typed, but for its address.</summary>
    public static void Forget(PortalUser user)
    {
        user.PasswordHash = null;
        user.FirstName = null;
        user.LastName = null;
        user.PhoneNumber = null;
        user.PhoneNumberConfirmed = false;
        Registration.NameByAddress(user);
        user.SecurityStamp = NewStamp();
    }

    /// <summary>As <see cref="ApplyAsync"/>, and notes that the person signs in now, if that follows.</summary>
    public async Task<CodeOutcome> AcceptAsync(PortalDbContext db, string email, Binding binding, Purpose purpose, bool signsIn)
    {
        if (await ApplyAsync(db, email, binding, purpose) is not { } user)
        {
            // The account was purged or deleted between the sending of the code and its entry.
            return new CodeOutcome.Refused(new VerifyOutcome.None());
        }

        if (signsIn)
        {
            await NoteSignInAsync(db, user);
        }
        else
        {
            await db.SaveChangesAsync();
        }

        return new CodeOutcome.Accepted(user);
    }

    /// <summary>A value of <c>SecurityStamp</c> that no session has: it ends all that there are.</summary>
    public static string NewStamp() => Guid.NewGuid().ToString("n");
}
