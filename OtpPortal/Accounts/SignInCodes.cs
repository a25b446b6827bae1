using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Codes that sign people in, alone or after a password.</summary>
internal sealed class SignInCodes(
    AccountRecipients recipients,
    AccountVerification verification,
    LoginTokens loginTokens,
    IDbContextFactory<PortalDbContext> databases,
    IOptions<PortalSignInOptions> signIn) : ICodeHandler
{
    public const string PasswordFirst = "Enter your password. The code comes after it.";

    public CodeUse Use => CodeUse.SignIn;

    private bool IsSecondFactor => signIn.Value.SecondFactor == SecondFactor.Code;

    public FieldError? Check(CodeRequest request) => IsSecondFactor && request.LoginToken is null
        ? new FieldError("Password", PasswordFirst)
        : recipients.CheckChannel(request);

    public async Task<PreparedCode> PrepareAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken)
    {
        if (!IsSecondFactor)
        {
            return await recipients.PrepareAsync(db, request, isOwner: false);
        }

        if (!await loginTokens.IsValidAsync(db, request.LoginToken!, AccountLookup.Find(db, request.Identifier), cancellationToken))
        {
            return new CodeRequestOutcome.SignInExpired();
        }

        var requester = request.Requester with { Binding = LoginTokens.Bind(request.Requester.Binding, request.LoginToken) };
        return await recipients.PrepareAsync(db, request with { Requester = requester }, isOwner: true);
    }

    public Binding Bind(CodeEntry entry) => IsSecondFactor ? LoginTokens.Bind(entry.Binding, entry.LoginToken) : entry.Binding;

    /// <summary>Without the password, nobody can use up the owner's guesses or learn that a sign-in to the account is under way.</summary>
    public async Task<bool> MayCompareAsync(CodeEntry entry, CancellationToken cancellationToken)
    {
        if (!IsSecondFactor)
        {
            return true;
        }

        if (entry.LoginToken is null)
        {
            return false;
        }

        // The same statement runs whether or not there is an account.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await loginTokens.IsValidAsync(db, entry.LoginToken, AccountLookup.Find(db, entry.Identifier), cancellationToken);
    }

    public async Task<CodeEntryOutcome> AcceptAsync(PortalDbContext db, CodeEntry entry)
    {
        if (IsSecondFactor
            && (await AccountLookup.Find(db, entry.Identifier).SingleOrDefaultAsync() is not { } user
                || !await loginTokens.ConsumeAsync(db, entry.LoginToken, user.Id)))
        {
            return new CodeEntryOutcome.Refused(new VerifyOutcome.None());
        }

        return await verification.AcceptAsync(db, entry, IsSecondFactor ? Sessions.PasswordAndCode : Sessions.Code);
    }
}
