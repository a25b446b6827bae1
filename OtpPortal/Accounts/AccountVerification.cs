using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What follows from a right code: whoever entered it reads the mail of the address, or holds the phone.</summary>
public sealed class AccountVerification(
    PendingRegistrations pending, Sessions sessions, ExampleAccounts examples, IOptions<AdminOptions> admins,
        IOptions<PortalSignInOptions> signIn, TimeProvider clock)
{
    /// <summary>
    /// The account of the identifier; where there is none yet, it is made of what was registered. An account that exists is not changed.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="identifier">The address or mobile number whose code was right.</param>
    /// <param name="binding">The browser or program in which it was entered.</param>
    /// <param name="purpose">What the code was for.</param>
    /// <returns>Null if there is neither an account nor a registration (any more).</returns>
    public async Task<(PortalUser User, bool IsNew)?> ConfirmAsync(PortalDbContext db, string identifier, Binding binding, Purpose purpose)
    {
        if (PersonAddress.IsMobile(identifier))
        {
            // A mobile proves nothing about the address of its account, so it must have been proven before.
            return await db.Users.SingleOrDefaultAsync(row => row.PhoneNumber == identifier && row.PhoneNumberConfirmed) is { } holder
                ? (holder, false)
                : null;
        }

        if (await db.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == identifier) is { } user)
        {
            return examples.MaySignIn(user) ? (user, false) : null;
        }

        return await pending.PromoteAsync(db, identifier, binding, purpose) is { } account ? (account, true) : null;
    }

    /// <summary>As <see cref="ConfirmAsync"/>, and begins the session that is asked for.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="identifier">The address or mobile number whose code was right.</param>
    /// <param name="binding">The browser or program in which it was entered.</param>
    /// <param name="purpose">What the code was for.</param>
    /// <param name="session">The session to begin; null for none.</param>
    /// <param name="method">How the person signs in, of the words of <see cref="Sessions"/>.</param>
    public async Task<CodeOutcome> AcceptAsync(
        PortalDbContext db, string identifier, Binding binding, Purpose purpose, SessionRequest? session, string method = Sessions.Code)
    {
        if (await ConfirmAsync(db, identifier, binding, purpose) is not var (user, isNew))
        {
            return new CodeOutcome.Refused(new VerifyOutcome.None());
        }

        // Where a code is the second factor, one that proves an address does not replace the password of an account that exists.
        var mayBegin = purpose != Purpose.Register || isNew || signIn.Value.SecondFactor == SecondFactor.None;
        return new CodeOutcome.Accepted(
            user, session is null || !mayBegin
                ? null
                : await SignInAsync(db, user, session, method, await ChannelAsync(db, identifier, purpose)));
    }

    /// <summary>Begins a session, and makes an administrator of a person whom <c>Admin:Emails</c> names.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="user">The account, tracked by <paramref name="db"/>.</param>
    /// <param name="session">The session to begin.</param>
    /// <param name="method">How the person signs in, of the words of <see cref="Sessions"/>.</param>
    /// <param name="channel">How the code travelled; null without one.</param>
    public async Task<IssuedSession> SignInAsync(
        PortalDbContext db, PortalUser user, SessionRequest session, string method, string? channel)
    {
        var now = clock.GetUtcNow();
        user.LastSignInAt = now;
        if (!user.IsAdmin && admins.Value.Names(user.NormalizedEmail!))
        {
            user.IsAdmin = true;
            await db.RecordAsync(
                new() { At = now, Kind = ActivityEventKind.AdminGranted, Address = user.NormalizedEmail!,
                    Detail = "named by Admin:Emails" });
        }

        var issued = await sessions.BeginAsync(db, user, session, method);
        var how = channel is null ? method : $"{method} by {channel}";
        await db.RecordAsync(new()
        {
            At = now,
            Kind = ActivityEventKind.SignedIn,
            Address = user.NormalizedEmail!,
            Detail = $"{how}, {(session.Kind == SessionKind.Api ? "API" : "page")}",
        });
        return issued;
    }

    private static Task<string?> ChannelAsync(PortalDbContext db, string identifier, Purpose purpose)
    {
        var name = purpose.Name();
        return db.Outbox.Where(message => message.Email == identifier && message.Purpose == name)
            .OrderByDescending(message => message.Id).Select(message => message.Channel).FirstOrDefaultAsync();
    }
}
