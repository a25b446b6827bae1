using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Codes that verify the address of a registration.</summary>
internal sealed class VerifyEmailCodes(AccountVerification verification) : ICodeHandler
{
    public CodeUse Use => CodeUse.VerifyEmail;

    // A code that verifies an address must be sent to that address.
    public FieldError? Check(CodeRequest request) => request.Channel is null or Channels.Email
        ? null
        : new FieldError("Channel", "An email address is verified by email.");

    /// <summary>
    /// A decoy is sent to nobody. The response is the same for an address with an account, without one, and without a registration.
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

    // The password of the registration was entered in the same browser or program, so no second factor is missing.
    public Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry) =>
        verification.AcceptAsync(db, entry, Sessions.Code);
}
