using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Codes that verify the mobile number of an account. A code proves that the number belongs to the account only if it was sent to the
/// number, the account requested it, and it was entered for the account.
/// </summary>
internal sealed class VerifyMobileCodes(
    AccessRevocation revocation, TextLimits texts, SendCounters counters, Outbox outbox, Channels channels, TimeProvider clock)
    : ICodeHandler
{
    public CodeUse Use => CodeUse.VerifyMobile;

    public FieldError? Check(CodeRequest request)
    {
        var channel = request.Channel ?? channels.DefaultForMobile;
        return channels.ToPhones.Contains(channel) ? null
            : new FieldError(
                "Channel", channel == Channels.Email ? "A mobile number is verified by SMS or WhatsApp." : Channels.NotOffered);
    }

    public async Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken)
    {
        var number = (MobileNumber)request.Identifier;
        var user = await db.Users.SingleOrDefaultAsync(row => row.Id == request.AccountId, cancellationToken);
        if (user?.PhoneNumber != number.Value)
        {
            return Invalid("This is not the number of your account. Save it on your account page first.");
        }

        if (user.PhoneNumberConfirmed)
        {
            return Invalid("This number is verified already.");
        }

        if (!texts.Covers(number))
        {
            return Invalid("Codes cannot be sent to this country. Use another number.");
        }

        return new SendRequest(number, request.Use.Purpose(), request.Requester with { Binding = request.Requester.Binding.With(user.Id) })
        {
            Channel = request.Channel ?? channels.DefaultForMobile,
            Recipient = number,
            Limits = await texts.OfUnprovenNumberAsync(db, number, user.Id),
        };

        static CodeRequestOutcome Invalid(string message) => new CodeRequestOutcome.Invalid(new FieldError("Mobile", message));
    }

    /// <summary>A code that one account requested does not match for another, even if both have the same number.</summary>
    public Binding Bind(CodeEntry entry) => entry.Binding.With(entry.AccountId!);

    public async Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry)
    {
        var number = entry.Identifier.Value;
        if (await db.Users.SingleOrDefaultAsync(user => user.Id == entry.AccountId && user.PhoneNumber == number) is not { } user)
        {
            return new CodeEntryOutcome.Refused(new VerifyOutcome.None());
        }

        if (await AccountLookup.Find(db, entry.Identifier).SingleOrDefaultAsync(other => other.Id != user.Id) is { } holder)
        {
            if (!entry.MovesNumber)
            {
                throw new CodeKeptException(new CodeEntryOutcome.HeldByAnother());
            }

            await TakeFromAsync(db, holder);
        }

        user.PhoneNumberConfirmed = true;
        await db.SaveChangesAsync();
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.MobileVerified, Address = number });
        return new CodeEntryOutcome.MobileVerified();
    }

    private async Task TakeFromAsync(PortalDbContext db, PortalUser holder)
    {
        // Until now, whoever holds the phone could sign in to that account with it.
        await revocation.RevokeAllAsync(db, holder);
        holder.PhoneNumber = null;
        holder.PhoneNumberConfirmed = false;
        await db.SaveChangesAsync();
        var email = holder.EmailAddress;
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.MobileMoved, Address = email.Value });
        if (await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("mobile-moved", email)))
        {
            await outbox.AcceptAsync(db, new OutboxRequest(MessageKind.MobileMoved, email));
        }
    }
}
