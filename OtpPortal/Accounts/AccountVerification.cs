using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What follows from a right code: whoever entered it reads the mail of the address, or holds the phone.</summary>
public sealed class AccountVerification(
    PendingRegistrations pending,
    Sessions sessions,
    ExampleAccounts examples,
    Outbox outbox,
    IOptions<AdminOptions> admins,
    IOptions<PortalSignInOptions> signIn,
    TimeProvider clock)
{
    /// <summary>
    /// The account of the identifier; where there is none yet, it is made of what was registered. An account that exists is not changed.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="entry">The code, which was right.</param>
    /// <returns>Null if there is neither an account nor a registration (any more).</returns>
    public async Task<(PortalUser User, bool IsNew)?> ConfirmAsync(PortalDbContext db, CodeEntry entry)
    {
        if (await AccountLookup.Find(db, entry.Identifier).SingleOrDefaultAsync() is { } user)
        {
            return examples.MaySignIn(user) ? (user, false) : null;
        }

        // A mobile number proves nothing about the address of its account, so it must have been proven before.
        return entry.Identifier is EmailAddress email
            && await pending.PromoteAsync(db, email, entry.Binding, entry.Use.Purpose()) is { } account ? (account, true) : null;
    }

    /// <summary>As <see cref="ConfirmAsync"/>, and begins the session that is asked for.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="entry">The code, which was right.</param>
    /// <param name="method">How the person signs in, of the words of <see cref="Sessions"/>.</param>
    public async Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry, string method)
    {
        if (await ConfirmAsync(db, entry) is not var (user, isNew))
        {
            return new CodeEntryOutcome.Refused(new VerifyOutcome.None());
        }

        // Where a code is the second factor, one that proves an address does not replace the password of an account that exists.
        var mayBegin = entry.Use != CodeUse.VerifyEmail || isNew || signIn.Value.SecondFactor == SecondFactor.None;
        if (entry.Session is null || !mayBegin)
        {
            return new CodeEntryOutcome.Accepted(user, Session: null);
        }

        var channel = await outbox.LastChannelAsync(db, entry.Identifier, entry.Use.Purpose());
        return new CodeEntryOutcome.Accepted(user, await SignInAsync(db, user, entry.Session, method, channel));
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
        if (!user.IsAdmin && admins.Value.Names(user.EmailAddress))
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
}
