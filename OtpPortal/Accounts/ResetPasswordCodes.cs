using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Codes that allow setting a new password.</summary>
internal sealed class ResetPasswordCodes(AccountRecipients recipients, AccountVerification verification, TimeProvider clock) : ICodeHandler
{
    public CodeUse Use => CodeUse.ResetPassword;

    public FieldError? Check(CodeRequest request) => recipients.CheckChannel(request);

    public async Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken) =>
        await recipients.PrepareAsync(db, request, isOwner: false);

    /// <summary>Issues the ticket. If the address has only a registration, its account is created first.</summary>
    public async Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry)
    {
        if (await verification.ConfirmAsync(db, entry) is not var (user, _))
        {
            return new CodeEntryOutcome.Refused(new VerifyOutcome.None());
        }

        var ticket = SecretToken.Create();
        user.ResetTicketHash = SecretToken.HashOf(ticket);
        user.ResetTicketExpiresAt = clock.GetUtcNow() + PasswordReset.TicketLifetime;
        await db.SaveChangesAsync();
        return new CodeEntryOutcome.TicketIssued(ticket, PasswordReset.TicketLifetime);
    }
}
