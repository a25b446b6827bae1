using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Applies the consequences of a correct code, which proves that the person reads the mail of the address or holds the phone.
/// </summary>
public sealed class AccountVerification(
    PendingRegistrations pending,
    Sessions sessions,
    ExampleAccounts examples,
    Outbox outbox,
    IOptions<AdminOptions> admins,
    IOptions<PortalSignInOptions> signIn,
    TimeProvider clock)
{
    /// <summary>Finds the account of the identifier, or creates it from its registration. An existing account is not changed.</summary>
    /// <returns>Null if there is neither an account nor a registration.</returns>
    public async Task<(PortalUser User, bool IsNew)?> ConfirmAsync(PortalDbContext db, CodeEntry entry)
    {
        if (await AccountLookup.Find(db, entry.Identifier).SingleOrDefaultAsync() is { } user)
        {
            return examples.MaySignIn(user) ? (user, false) : null;
        }

        // A mobile number proves nothing about the address of its account, so the address must have been verified before.
        return entry.Identifier is EmailAddress email
            && await pending.PromoteAsync(db, email, entry.Binding, entry.Use.Purpose()) is { } account ? (account, true) : null;
    }

    /// <summary>Confirms like <see cref="ConfirmAsync"/>, and begins the requested session.</summary>
    /// <param name="method">The sign-in method: a constant of <see cref="Sessions"/>.</param>
    public async Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry, string method)
    {
        if (await ConfirmAsync(db, entry) is not var (user, isNew))
        {
            return new CodeEntryOutcome.Refused(new VerifyOutcome.None());
        }

        // If a code is the second factor, a code that verifies an address must not replace the password of an existing account.
        var mayBegin = entry.Use != CodeUse.VerifyEmail || isNew || signIn.Value.SecondFactor == SecondFactor.None;
        if (entry.Session is null || !mayBegin)
        {
            return new CodeEntryOutcome.Accepted(user, Session: null);
        }

        var channel = await outbox.LastChannelAsync(db, entry.Identifier, entry.Use.Purpose());
        return new CodeEntryOutcome.Accepted(user, await SignInAsync(db, user, entry.Session, method, channel));
    }

    /// <summary>Begins a session, and grants the administrator role if <c>Admin:Emails</c> lists the person's address.</summary>
    /// <param name="user">Must be tracked by <paramref name="db"/>.</param>
    /// <param name="method">The sign-in method: a constant of <see cref="Sessions"/>.</param>
    /// <param name="channel">The channel of the code; null without a code.</param>
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
