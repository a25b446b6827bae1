using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The input of a sign-in with a password.</summary>
public sealed record PasswordSignInRequest(string? Email, string? Password, Requester Requester, SessionRequest Session)
{
    /// <summary>The verified mobile number, if it identifies the person instead of the address.</summary>
    public string? Mobile { get; init; }

    /// <summary>The channel of a second factor; null for the default.</summary>
    public string? Channel { get; init; }

    /// <summary>
    /// The token of an earlier sign-in in the same browser. While it is valid, the code that was sent with it can still be entered.
    /// </summary>
    public string? LoginToken { get; init; }

    public override string ToString() => "******";
}

/// <summary>Signs people in with a password, or requires a code after it.</summary>
public sealed class PasswordSignIn(
    AccountCodes codes,
    AccountVerification verification,
    LoginTokens loginTokens,
    PasswordThrottle budget,
    PasswordHashing hashing,
    ExampleAccounts examples,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    IPasswordHasher<PortalUser> hasher,
    Channels channels,
    TimeProvider clock)
{
    // The input is compared with this hash if there is no stored one, so that the response takes as long.
    private readonly Lazy<string> placeholderHash = new(() => hasher.HashPassword(new PortalUser(), SecretToken.Create()));

    public async Task<SignInOutcome> SignInAsync(PasswordSignInRequest request, CancellationToken cancellationToken)
    {
        if (Check(request, out var errors) is not { } identifier)
        {
            return new SignInOutcome.Invalid(errors);
        }

        var (user, pending) = await FindAsync(identifier, request.Requester.Binding, cancellationToken);

        // Attempts count for the account, whether the person entered its address or its number. A registration has a budget of its own,
        // which no event of an account resets, so that its responses stay the same for its lifetime.
        var isWithinBudget = await budget.TrySpendAsync(user?.NormalizedEmail ?? identifier.Value, cancellationToken);
        var isPendingWithinBudget = pending is not null && await budget.TrySpendAsync($"pending:{identifier}", cancellationToken);

        // A password that is longer than any account's is compared too, but truncated to limit the work.
        var candidate = request.Password!.Length <= PasswordRules.MaxLength
            ? request.Password
            : request.Password[..PasswordRules.MaxLength] + "…";

        // The number of hashes depends on what this browser has registered, and never on whether there is an account.
        var verdict = await hashing.VerifyAsync(
            isWithinBudget && user?.PasswordHash is { } known ? known : placeholderHash.Value, candidate, cancellationToken);
        var isPending = pending is not null
            && await hashing.VerifyAsync(pending.PasswordHash, candidate, cancellationToken) != PasswordVerificationResult.Failed;
        if (isWithinBudget && user?.PasswordHash is not null && verdict != PasswordVerificationResult.Failed)
        {
            // The stored hash has fewer iterations than new ones. The password is known only here, so it is hashed again now.
            var hash = verdict == PasswordVerificationResult.SuccessRehashNeeded
                ? await hashing.HashAsync(candidate, cancellationToken)
                : user.PasswordHash;
            return await lane.RunAsync(db => AcceptAsync(db, user, hash, identifier, request, cancellationToken), cancellationToken);
        }

        return isPending && isPendingWithinBudget
            ? await lane.RunAsync(db => AnswerRegistrantAsync(db, identifier, request.Requester, cancellationToken), cancellationToken)
            : await RefuseAsync(user?.NormalizedEmail ?? identifier.Value, cancellationToken);
    }

    private Identifier? Check(PasswordSignInRequest request, out List<FieldError> errors)
    {
        errors = [];
        var identifier = Identifiers.Parse(request.Email, request.Mobile, out var error);
        if (error is not null)
        {
            errors.Add(error);
        }

        if (request.Channel is not null && !channels.Offers(request.Channel))
        {
            errors.Add(new FieldError("Channel", Channels.NotOffered));
        }

        if (string.IsNullOrEmpty(request.Password))
        {
            errors.Add(new FieldError("Password", "Enter your password."));
        }

        return errors.Count == 0 ? identifier : null;
    }

    private async Task<(PortalUser? User, PendingRegistration? Pending)> FindAsync(
        Identifier identifier, Binding binding, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await AccountLookup.Find(db, identifier).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var pending = identifier is EmailAddress email ? await PendingRegistrations.FindAsync(db, email, binding) : null;
        return (user is not null && examples.MaySignIn(user) ? user : null, pending);
    }

    private async Task<SignInOutcome> RefuseAsync(string address, CancellationToken cancellationToken)
    {
        await lane.RunAsync(
            db => db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.WrongPassword, Address = address }),
            cancellationToken);
        return new SignInOutcome.Wrong();
    }

    /// <summary>
    /// Accepts the password of a registration that waits for its code. The attempt is not given back, because a stranger may have
    /// registered the address.
    /// </summary>
    private Task<SignInOutcome> AnswerRegistrantAsync(
        PortalDbContext db, Identifier identifier, Requester requester, CancellationToken cancellationToken) =>
        RequireCodeAsync(db, new CodeRequest(CodeUse.VerifyEmail, identifier, requester), cancellationToken);

    private async Task<SignInOutcome> RequireCodeAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken) =>
        await codes.SendAsync(db, request, cancellationToken) switch
        {
            CodeRequestOutcome.CodeSent sent => Required(request, sent.Sent),
            CodeRequestOutcome.Refused refused => Required(request, refused.Refusal),

            // The number that names the account was taken away while the password was being compared.
            _ => new SignInOutcome.Wrong(),
        };

    private static SignInOutcome.CodeRequired Required(CodeRequest request, SendOutcome send) =>
        new(request.Identifier, request.Use, request.LoginToken, send);

    private async Task<SignInOutcome> AcceptAsync(
        PortalDbContext db,
        PortalUser known,
        string passwordHash,
        Identifier identifier,
        PasswordSignInRequest request,
        CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleOrDefaultAsync(row => row.Id == known.Id, cancellationToken);
        if (user is null || user.PasswordHash != known.PasswordHash)
        {
            // The password was changed while this one was being compared.
            return new SignInOutcome.Wrong();
        }

        user.PasswordHash = passwordHash;
        await db.SaveChangesAsync(cancellationToken);
        await PasswordThrottle.ClearAsync(db, user.EmailAddress);
        if (codes.CodeAloneSuffices)
        {
            return new SignInOutcome.SignedIn(await verification.SignInAsync(db, user, request.Session, Sessions.Password, channel: null));
        }

        var token = await loginTokens.IsValidAsync(db, request.LoginToken, user.Id)
            ? request.LoginToken!
            : await loginTokens.IssueAsync(db, user.Id);
        var code = new CodeRequest(CodeUse.SignIn, identifier, request.Requester) { Channel = request.Channel, LoginToken = token };
        return await RequireCodeAsync(db, code, cancellationToken);
    }
}
