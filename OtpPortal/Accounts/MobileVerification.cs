using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a code that was typed to verify a mobile number.</summary>
public abstract record MobileOutcome
{
    private MobileOutcome()
    {
    }

    /// <summary>The number is the account's now.</summary>
    public sealed record Verified : MobileOutcome;

    /// <summary>
    /// The code is right, and still good, but another account has the number: whoever enters it must say that it is to be moved.
    /// </summary>
    public sealed record HeldByAnother : MobileOutcome;

    /// <summary>It was not accepted.</summary>
    public sealed record Refused(VerifyOutcome Outcome) : MobileOutcome;
}

/// <summary>What came of asking for a code to verify a mobile number.</summary>
public abstract record MobileSendOutcome
{
    private MobileSendOutcome()
    {
    }

    /// <summary>A code was sent, or refused.</summary>
    public sealed record CodeRequested(string Mobile, SendOutcome Send) : MobileSendOutcome;

    /// <summary>It cannot be sent.</summary>
    public sealed record Invalid(string Message) : MobileSendOutcome;
}

/// <summary>
/// The mobile number of an account: only a code that was sent to it, at the wish of the account that names it and entered for that
/// account, proves whose it is.
/// </summary>
public sealed class MobileVerification(
    OtpService otp, AccessRevocation revocation, TextLimits texts, SendCounters counters, Outbox outbox, WriteLane lane, TimeProvider clock)
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

        if (error is not null)
        {
            return error;
        }

        await lane.RunAsync(
            async db =>
            {
                if (await db.Users.SingleOrDefaultAsync(row => row.Id == userId, cancellationToken) is not { } user
                    || user.PhoneNumber == number)
                {
                    return;
                }

                if (user.PhoneNumberConfirmed)
                {
                    // Whoever holds the old number could sign in with it.
                    await revocation.RevokeAllAsync(db, user, session);
                }

                user.PhoneNumber = number;
                user.PhoneNumberConfirmed = false;
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return null;
    }

    /// <summary>Sends a code to the number that an account names.</summary>
    /// <param name="userId">The account that asks.</param>
    /// <param name="channel">How: one of the channels to phones.</param>
    /// <param name="requester">Who asks.</param>
    /// <param name="mobile">The number that is meant; null for whichever the account names.</param>
    public Task<MobileSendOutcome> SendAsync(
        string userId, string channel, Requester requester, CancellationToken cancellationToken, string? mobile = null) =>
        lane.RunAsync<MobileSendOutcome>(
            async db =>
            {
                var user = await db.Users.SingleOrDefaultAsync(row => row.Id == userId, cancellationToken);
                if (user?.PhoneNumber is not { } number || (mobile is not null && mobile != number))
                {
                    return new MobileSendOutcome.Invalid("This is not the number of your account. Save it on your account page first.");
                }

                if (user.PhoneNumberConfirmed)
                {
                    return new MobileSendOutcome.Invalid("This number is verified already.");
                }

                if (!texts.Covers(number))
                {
                    return new MobileSendOutcome.Invalid("Codes cannot be sent to this country. Use another number.");
                }

                return new MobileSendOutcome.CodeRequested(number, await otp.SendAsync(
                    db,
                    new SendRequest(number, Purpose.Register, requester with { Binding = Bind(requester.Binding, userId) })
                    {
                        Channel = channel,
                        Recipient = number,
                        Limits = await texts.OfUnprovenNumberAsync(db, number, userId),
                    },
                    cancellationToken));
            },
            cancellationToken);

    /// <summary>Checks a code. A right one makes the number the account's, if it is still the one that the account names.</summary>
    /// <param name="userId">The account for which it is entered.</param>
    /// <param name="mobile">The number.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">Where it is entered.</param>
    /// <param name="move">Whether a number that another account has is to be moved here.</param>
    public async Task<MobileOutcome> VerifyAsync(
        string userId, string mobile, string? typed, Binding binding, bool move, CancellationToken cancellationToken)
    {
        try
        {
            var (outcome, given) = await otp.VerifyAsync(
                mobile, Purpose.Register, Bind(binding, userId), typed, db => GiveAsync(db, mobile, userId, move), cancellationToken);
            return outcome is not VerifyOutcome.Verified ? new MobileOutcome.Refused(outcome)
                : given ? new MobileOutcome.Verified()
                : new MobileOutcome.Refused(new VerifyOutcome.None());
        }
        catch (HeldByAnotherException)
        {
            return new MobileOutcome.HeldByAnother();
        }
    }

    // A code that one account asked for is worthless for another, though both name the same number.
    private static Binding Bind(Binding binding, string userId) => binding.With(userId);

    private async Task<bool> GiveAsync(PortalDbContext db, string mobile, string userId, bool move)
    {
        if (await db.Users.SingleOrDefaultAsync(user => user.Id == userId && user.PhoneNumber == mobile) is not { } user)
        {
            return false;
        }

        if (await db.Users.SingleOrDefaultAsync(other => other.Id != userId && other.PhoneNumber == mobile
            && other.PhoneNumberConfirmed) is { } holder)
        {
            if (!move)
            {
                // Undoes the redemption: the code is entered again together with the wish to move the number.
                throw new HeldByAnotherException();
            }

            await TakeAsync(db, holder);
        }

        user.PhoneNumberConfirmed = true;
        await db.SaveChangesAsync();
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.MobileVerified, Address = mobile });
        return true;
    }

    private async Task TakeAsync(PortalDbContext db, PortalUser holder)
    {
        // Whoever holds the phone could sign in to that account with it until now.
        await revocation.RevokeAllAsync(db, holder);
        var email = holder.NormalizedEmail!;
        holder.PhoneNumber = null;
        holder.PhoneNumberConfirmed = false;
        await db.SaveChangesAsync();
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.MobileMoved, Address = email });
        if (await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("mobile-moved", email)))
        {
            await outbox.AcceptAsync(db, new OutboxRequest(MessageKind.MobileMoved, email));
        }
    }

    private sealed class HeldByAnotherException : Exception;
}
