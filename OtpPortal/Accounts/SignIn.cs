using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of an attempt to sign in with a password.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>The password is right and enough.</summary>
    public sealed record SignedIn(PortalUser User) : SignInOutcome;

    /// <summary>
    /// The password is right; a code must follow, which verifies the address (<see cref="Purpose.Register"/>) or is the second factor
    /// (<see cref="Purpose.Login"/>). It was sent, or an earlier one is so recent that no new one may be.
    /// </summary>
    /// <param name="Email">The normalised address, or the mobile number by which the person was named.</param>
    /// <param name="Purpose">What the code is for.</param>
    /// <param name="Proof">Proves that the password was right, for as long as it is the account's password. To be kept by the portal alone.</param>
    /// <param name="Send">What came of sending the code.</param>
    public sealed record CodeRequired(string Email, Purpose Purpose, string Proof, SendOutcome Send) : SignInOutcome
    {
        /// <summary>Without the proof.</summary>
        public override string ToString() => $"code required, {Purpose}";
    }

    /// <summary>Address and password do not belong together, or there were too many tries; which of them, nobody learns.</summary>
    public sealed record Wrong : SignInOutcome;

    /// <summary>Something typed is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SignInOutcome;
}

/// <summary>What came of asking for a code by e-mail.</summary>
public abstract record CodeRequestOutcome
{
    private CodeRequestOutcome()
    {
    }

    /// <summary>Accepted. It looks the same for an address without an account.</summary>
    public sealed record CodeSent(string Email, SendOutcome.Sent Sent) : CodeRequestOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(string Email, SendOutcome.Refused Why) : CodeRequestOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: nobody has an account with this address.</summary>
    public sealed record Unknown(string Field) : CodeRequestOutcome
    {
        /// <summary>What to tell who named it.</summary>
        public FieldError Error => new(Field, Field == "Mobile"
            ? "There is no account with this verified mobile number. Check it, or create an account."
            : "There is no account with this address. Check it, or create an account.");
    }

    /// <summary>Something typed is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : CodeRequestOutcome;

    internal static CodeRequestOutcome Of(string email, SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent sent => new CodeSent(email, sent),
        SendOutcome.Refused refused => new Refused(email, refused),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    internal static CodeRequestOutcome Wrong(string field, string message) => new Invalid([new FieldError(field, message)]);
}

/// <summary>Signing in: with a password, with a code, or with both.</summary>
public sealed class SignIn(
    OtpService otp,
    AccountProof proof,
    PasswordBudget budget,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    IPasswordHasher<PortalUser> hasher,
    Channels channels,
    IOptions<PortalSignInOptions> signIn,
    IOptions<OtpOptions> options,
    TimeProvider clock)
{
    // What a password is compared with where there is none, so that the answer takes as long.
    private readonly string nobodysHash = hasher.HashPassword(new PortalUser(), Guid.NewGuid().ToString());

    /// <summary>Whether a code without a password signs in.</summary>
    public bool CodeAloneSuffices => signIn.Value.SecondFactor == SecondFactor.None;

    /// <summary>Signs in with a password.</summary>
    /// <param name="typedEmail">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="asker">To whom a code is bound that must follow.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <param name="typedMobile">The verified mobile number, where it names the person instead of the address.</param>
    /// <param name="channel">How a second factor travels; null for the usual way.</param>
    public async Task<SignInOutcome> WithPasswordAsync(
        string? typedEmail, string? password, Asker asker, CancellationToken cancel, string? typedMobile = null, string? channel = null)
    {
        var errors = new List<FieldError>();
        var address = PersonAddress.Parse(typedEmail, typedMobile, out var error);
        if (error is not null)
        {
            errors.Add(error);
        }

        if (channel is not null && !channels.Offers(channel))
        {
            errors.Add(new FieldError("Channel", Channels.NotOffered));
        }

        if (string.IsNullOrEmpty(password))
        {
            errors.Add(new FieldError("Password", "Enter your password."));
        }

        if (address is null || errors.Count > 0)
        {
            return new SignInOutcome.Invalid(errors);
        }

        // By whatever name: the tries count for one account.
        var user = await FindAsync(address, cancel);
        var paid = await budget.PayAsync(user?.NormalizedEmail ?? address, cancel);

        // A password longer than any account's is compared too, but not the whole of a novel.
        var candidate = password!.Length <= PasswordRules.MaxLength ? password : password[..PasswordRules.MaxLength] + "…";
        var verdict = hasher.VerifyHashedPassword(user ?? new PortalUser(), user?.PasswordHash ?? nobodysHash, candidate);
        if (!paid || user?.PasswordHash is null || verdict == PasswordVerificationResult.Failed)
        {
            await lane.RunAsync(
                db => db.NoteAsync(new() { At = clock.GetUtcNow(), Kind = ActivityKind.WrongPassword, Address = user?.NormalizedEmail ?? address }), cancel);
            return new SignInOutcome.Wrong();
        }

        // Hashed with fewer iterations than are usual now: only here is the password known to hash it again.
        var rehashed = verdict == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, candidate) : user.PasswordHash;
        return await lane.RunAsync(db => AcceptPasswordAsync(db, user, rehashed, new Named(address, asker, channel), cancel), cancel);
    }

    /// <summary>Sends a code to sign in with. Addresses without an account take the same way.</summary>
    public async Task<CodeRequestOutcome> RequestCodeAsync(
        string? typedEmail, Asker asker, CancellationToken cancel, string? channel = null, string? typedMobile = null)
    {
        if (!CodeAloneSuffices)
        {
            return CodeRequestOutcome.Wrong("Password", "Enter your password: here the code comes after it.");
        }

        return await RequestAsync(typedEmail, typedMobile, Purpose.Login, asker, channel, cancel);
    }

    /// <summary>Sends a code to sign in with again, or the second factor of a sign-in whose password was right.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="asker">The browser that asks.</param>
    /// <param name="passwordProof">The proof that this browser gave the right password before, if it did.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <param name="channel">How it travels.</param>
    public async Task<SendOutcome> ResendAsync(
        string email, Asker asker, string? passwordProof, CancellationToken cancel, string channel = Channels.Email)
    {
        // Not checked here: where the proof is wrong, no code matches.
        var bound = CodeAloneSuffices ? asker : asker with { Binding = asker.Binding.With(passwordProof ?? "") };
        return await lane.RunAsync(db => SendToAccountAsync(db, email, Purpose.Login, bound, channel, cancel), cancel);
    }

    /// <summary>Checks a code. A right one signs in, and verifies the account if it was not.</summary>
    /// <param name="email">The normalised address, or the mobile number by which the person was named.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">The browser in which it is entered.</param>
    /// <param name="cancel">Withdraws the check while it has not begun.</param>
    public async Task<CodeOutcome> WithCodeAsync(string email, string? typed, Binding binding, CancellationToken cancel)
    {
        // A second factor is bound to the password that came before it: a code that matches says that it was given, and is still the account's.
        var bound = CodeAloneSuffices ? binding : binding.With((await FindAsync(email, cancel))?.SecurityStamp ?? AccountProof.NewStamp());
        var outcome = await otp.VerifyAsync(email, Purpose.Login, bound, typed, cancel);
        return outcome is VerifyOutcome.Verified
            ? await lane.RunAsync(db => proof.AcceptAsync(db, email, binding, Purpose.Login, signsIn: true), CancellationToken.None)
            : new CodeOutcome.Refused(outcome);
    }

    internal async Task<CodeRequestOutcome> RequestAsync(
        string? typedEmail, string? typedMobile, Purpose purpose, Asker asker, string? chosen, CancellationToken cancel)
    {
        if (PersonAddress.Parse(typedEmail, typedMobile, out var error) is not { } email)
        {
            return CodeRequestOutcome.Wrong(error!.Field, error.Message);
        }

        var channel = chosen ?? UsualFor(email);
        if (!channels.Offers(channel))
        {
            return CodeRequestOutcome.Wrong("Channel", Channels.NotOffered);
        }

        return await lane.RunAsync(
            async db => options.Value.RevealUnknownAccounts && !await OfAddress(db.Users, email).AnyAsync(cancel)
                ? new CodeRequestOutcome.Unknown(PersonAddress.IsMobile(email) ? "Mobile" : "Email")
                : CodeRequestOutcome.Of(email, await SendToAccountAsync(db, email, purpose, asker, channel, cancel)),
            cancel);
    }

    internal async Task<SendOutcome> SendToAccountAsync(
        PortalDbContext db, string email, Purpose purpose, Asker asker, string channel, CancellationToken cancel)
    {
        var account = await OfAddress(db.Users, email)
            .Select(user => new { user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed })
            .SingleOrDefaultAsync(cancel);

        // Only a number that its owner has proven, and of an account whose address is proven too: the code would prove it.
        // Without one, as without an account: the same statements, and a message that goes nowhere.
        var mobile = account is { PhoneNumberConfirmed: true, EmailConfirmed: true } ? account.PhoneNumber : null;
        var recipient = channel == Channels.Email ? account?.Email : mobile;
        return await otp.SendAsync(
            db,
            new SendRequest(email, purpose, asker)
            {
                Message = recipient is null ? MessageKind.Nothing : MessageKind.Code,
                Channel = channel,
                Recipient = recipient,
            },
            cancel);
    }

    private async Task<PortalUser?> FindAsync(string email, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await OfAddress(db.Users.AsNoTracking(), email).SingleOrDefaultAsync(cancel);
    }

    private static IQueryable<PortalUser> OfAddress(IQueryable<PortalUser> users, string address) => PersonAddress.IsMobile(address)
        ? users.Where(user => user.PhoneNumber == address && user.PhoneNumberConfirmed && user.EmailConfirmed)
        : users.Where(user => user.NormalizedEmail == address);

    private string UsualFor(string address) => PersonAddress.IsMobile(address) ? channels.ForMobile : Channels.Email;

    private async Task<SignInOutcome> AcceptPasswordAsync(
        PortalDbContext db, PortalUser known, string passwordHash, Named named, CancellationToken cancel)
    {
        var email = known.NormalizedEmail!;
        var asker = named.Asker;
        var user = await db.Users.SingleOrDefaultAsync(row => row.Id == known.Id, cancel);
        if (user is null || user.PasswordHash != known.PasswordHash)
        {
            // The password was changed while this one was being compared.
            return new SignInOutcome.Wrong();
        }

        user.PasswordHash = passwordHash;
        await PasswordBudget.ClearAsync(db, email);
        if (!user.EmailConfirmed)
        {
            var send = await otp.SendAsync(db, new SendRequest(email, Purpose.Register, asker), cancel);
            Registration.MoveTo(user, asker.Binding, user.SecurityStamp, send);
            await db.SaveChangesAsync(cancel);
            return new SignInOutcome.CodeRequired(email, Purpose.Register, user.SecurityStamp!, send);
        }

        if (!CodeAloneSuffices)
        {
            await db.SaveChangesAsync(cancel);
            var bound = asker with { Binding = asker.Binding.With(user.SecurityStamp!) };
            var send = await SendToAccountAsync(db, named.Address, Purpose.Login, bound, named.Channel ?? UsualFor(named.Address), cancel);
            return new SignInOutcome.CodeRequired(named.Address, Purpose.Login, user.SecurityStamp!, send);
        }

        await proof.NoteSignInAsync(db, user);
        return new SignInOutcome.SignedIn(user);
    }

    /// <summary>By what name, and from where, somebody signs in.</summary>
    private sealed record Named(string Address, Asker Asker, string? Channel);
}
