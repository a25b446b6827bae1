using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Codes that prove the address of a registration.</summary>
public sealed class VerifyEmailCodes(AccountVerification verification) : ICodeHandler
{
    public CodeUse Use => CodeUse.VerifyEmail;

    // What proves an address must go there.
    public FieldError? Check(CodeRequest request) => request.Channel is null or Channels.Email
        ? null
        : new FieldError("Channel", "An email address is verified by email.");

    /// <summary>
    /// A decoy goes to nobody, and the answer is the same for an address without an account, with one, and for one that nobody has
    /// registered.
    /// </summary>
    public async Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken)
    {
        var email = (EmailAddress)request.Identifier;
        var isTaken = await AccountLookup.Find(db, email).AnyAsync(cancellationToken);
        var isPending = await PendingRegistrations.AnyAsync(db, email);
        return new SendRequest(email, request.Use.Purpose(), request.Requester)
        {
            Message = !isTaken && isPending ? MessageKind.Code : MessageKind.Decoy,
        };
    }

    // The password was typed where the code is entered, so that both were given.
    public Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry) =>
        verification.AcceptAsync(db, entry, Sessions.Code);
}
