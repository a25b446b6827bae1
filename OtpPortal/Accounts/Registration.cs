using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What a registrant typed. Names that are null were not asked for; empty ones were left empty.</summary>
public sealed record RegisterRequest(string? Email, string? Password)
{
    /// <summary>The password once more, where the client asks for it; compared only if something was typed.</summary>
    public string? PasswordAgain { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    /// <summary>A name of one's own choice; optional.</summary>
    public string? UserName { get; init; }

    /// <summary>In any spelling of E.164; optional.</summary>
    public string? Mobile { get; init; }

    /// <summary>
    /// A channel to phones if the mobile number is to be verified at once, by a code of its own. The code that verifies the account always goes
    /// to the address, because it proves whose that is.
    /// </summary>
    public string? Channel { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => "******";
}

/// <summary>What came of a registration.</summary>
public abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>Accepted: a code is on its way. It looks the same if the address has an account already; its owner is told by mail.</summary>
    /// <param name="Email">The normalised address.</param>
    /// <param name="Proof">Proves who typed what is registered, until somebody else registers the address. To be kept by the portal alone.</param>
    /// <param name="Sent">When the next code may be sent, and how long this one is valid.</param>
    public sealed record CodeSent(string Email, string Proof, SendOutcome.Sent Sent) : RegisterOutcome
    {
        /// <summary>Without the proof.</summary>
        public override string ToString() => "code sent";
    }

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(string Email, SendOutcome.Refused Why) : RegisterOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: the address has a verified account.</summary>
    public sealed record AlreadyExists : RegisterOutcome;

    /// <summary>Something typed is wrong; nothing was written.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : RegisterOutcome;
}

/// <summary>Registering: an account that is unverified until the code sent to its address was entered.</summary>
public sealed class Registration(
    OtpService otp,
    AccountProof proof,
    MobileVerification mobiles,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    IPasswordHasher<PortalUser> hasher,
    Channels channels,
    IOptions<OtpOptions> options,
    TimeProvider clock)
{
    private const int MaxNameLength = 100;

    // What a password is compared with where there is none, so that the answer takes as long.
    private readonly string nobodysHash = hasher.HashPassword(new PortalUser(), Guid.NewGuid().ToString());

    /// <summary>Creates the account, or replaces what an earlier registrant typed, and sends its code.</summary>
    public async Task<RegisterOutcome> RegisterAsync(RegisterRequest request, Asker asker, CancellationToken cancel)
    {
        var errors = new List<FieldError>();
        var email = EmailAddress.Parse(request.Email, out var emailError);
        Note(nameof(request.Email), emailError);
        Note(nameof(request.Password), PasswordRules.Check(request.Password, email?.Value));
        Note(nameof(request.PasswordAgain), string.IsNullOrEmpty(request.PasswordAgain) || request.PasswordAgain == request.Password
            ? null
            : "The two passwords differ. Type the same one twice.");
        var first = Name(nameof(request.FirstName), request.FirstName, "first name");
        var last = Name(nameof(request.LastName), request.LastName, "last name");
        var mobile = MobileNumber.Parse(request.Mobile, out var mobileError);
        Note(nameof(request.Mobile), mobileError);
        var userName = UserName.Parse(request.UserName, out var userNameError);
        Note(nameof(request.UserName), userNameError);
        var channel = string.IsNullOrWhiteSpace(request.Channel) ? Channels.Email : request.Channel;
        if (!channels.Offers(channel))
        {
            Note(nameof(request.Channel), Channels.NotOffered);
        }
        else if (channel != Channels.Email && mobile is null && mobileError is null)
        {
            Note(nameof(request.Mobile), "Enter the mobile number that the code goes to, with its country code, like +44 7700 900123.");
        }

        if (errors.Count > 0)
        {
            return new RegisterOutcome.Invalid(errors);
        }

        // Before the lane, and whether or not the address is taken: this is most of the time that a registration takes.
        var passwordHash = hasher.HashPassword(new PortalUser(), request.Password!);
        var typed = new Typed(passwordHash, first, last, userName, mobile, channel);

        while (true)
        {
            // Clients that are not told apart by a binding are told apart by what they typed.
            var before = asker.Binding == Binding.None ? await BeforeAsync(email!.Value, request.Password!, cancel) : null;
            if (await lane.RunAsync(db => WriteAsync(db, email!.Value, typed, asker, before, cancel), cancel) is { } outcome)
            {
                return outcome;
            }
        }

        void Note(string field, string? error)
        {
            if (error is not null)
            {
                errors.Add(new FieldError(field, error));
            }
        }

        string? Name(string field, string? name, string what)
        {
            var trimmed = name?.Trim();
            Note(field, trimmed switch
            {
                "" => $"Enter your {what}.",
                { Length: > MaxNameLength } => $"This {what} is longer than {MaxNameLength} characters. Shorten it.",
                not null when trimmed.Any(char.IsControl) || Nfkc.Normalise(trimmed) is null => $"This {what} has characters that cannot be shown. Type it again.",
                _ => null,
            });
            return trimmed;
        }
    }

    /// <summary>Sends the code of a registration again.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="asker">The browser that asks.</param>
    /// <param name="passwordProof">The proof that this browser gave the right password before, if it did.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    public Task<SendOutcome> ResendAsync(string email, Asker asker, string? passwordProof, CancellationToken cancel) => lane.RunAsync(
        async db =>
        {
            // The same for an address without an account and for one whose account is verified: a row that no code matches.
            var user = await db.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == email && !row.EmailConfirmed, cancel);
            var message = user is null ? MessageKind.Nothing : MessageKind.Code;
            var outcome = await otp.SendAsync(db, new SendRequest(email, Purpose.Register, asker) { Message = message }, cancel);
            if (user is not null)
            {
                MoveTo(user, asker.Binding, passwordProof, outcome);
                await db.SaveChangesAsync(cancel);
            }

            return outcome;
        },
        cancel);

    /// <summary>Sends a code by which a registered address, or the mobile number of an account, is verified.</summary>
    /// <param name="typedEmail">As typed.</param>
    /// <param name="typedMobile">As typed, where the number is to be verified instead.</param>
    /// <param name="asker">The program that asks.</param>
    /// <param name="channel">How it travels; null for the usual way.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    public async Task<CodeRequestOutcome> RequestCodeAsync(
        string? typedEmail, string? typedMobile, Asker asker, string? channel, CancellationToken cancel)
    {
        if (PersonAddress.Parse(typedEmail, typedMobile, out var error) is not { } address)
        {
            return CodeRequestOutcome.Wrong(error!.Field, error.Message);
        }

        var isMobile = PersonAddress.IsMobile(address);
        var way = channel ?? (isMobile ? channels.ForMobile : Channels.Email);
        if (!channels.Offers(way))
        {
            return CodeRequestOutcome.Wrong("Channel", Channels.NotOffered);
        }

        // What proves an address must go there, and what proves a number must go to that.
        if (isMobile != (way != Channels.Email))
        {
            return CodeRequestOutcome.Wrong("Channel", isMobile ? "A mobile number is verified by SMS or WhatsApp." : "An address is verified by email.");
        }

        if (options.Value.RevealUnknownAccounts && !await IsKnownAsync(address, cancel))
        {
            return new CodeRequestOutcome.Unknown(isMobile ? "Mobile" : "Email");
        }

        return CodeRequestOutcome.Of(
            address, isMobile ? await mobiles.SendToAsync(address, way, asker, cancel) : await ResendAsync(address, asker, null, cancel));
    }

    /// <summary>Checks the code of a registration. A right one verifies the account.</summary>
    /// <param name="email">The address whose code it is.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">Where it was typed.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <param name="signsIn">Whether the person is signed in with it, as pages do and the API does not.</param>
    public async Task<CodeOutcome> VerifyAsync(string email, string? typed, Binding binding, CancellationToken cancel, bool signsIn = true)
    {
        var outcome = await otp.VerifyAsync(email, Purpose.Register, binding, typed, cancel);
        return outcome is VerifyOutcome.Verified
            ? await lane.RunAsync(db => proof.AcceptAsync(db, email, binding, Purpose.Register, signsIn), CancellationToken.None)
            : new CodeOutcome.Refused(outcome);
    }

    /// <summary>
    /// Makes another browser the registrant's: it gave the right password, and the code is now its own. Until one was sent to it, the
    /// first browser stays the registrant's, because its code is still good.
    /// </summary>
    internal static void MoveTo(PortalUser user, Binding binding, string? passwordProof, SendOutcome outcome)
    {
        if (outcome is SendOutcome.Sent && passwordProof is not null && passwordProof == user.SecurityStamp)
        {
            user.RegisteredBinding = binding.Challenge;
        }
    }

    /// <summary>Takes a chosen user name from an account: its address stands in the name's place.</summary>
    internal static void NameByAddress(PortalUser user)
    {
        user.UserName = user.Email;
        user.NormalizedUserName = user.NormalizedEmail;
    }

    /// <summary>An account that holds nothing but its address.</summary>
    internal static PortalUser NewAccount(string email) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        UserName = email,
        NormalizedUserName = email,
        Email = email,
        NormalizedEmail = email,
        SecurityStamp = AccountProof.NewStamp(),
    };

    /// <summary>Who registered the address without a binding before, and waits for its code.</summary>
    private async Task<Before> BeforeAsync(string email, string password, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var user = await db.Users.AsNoTracking()
            .SingleOrDefaultAsync(row => row.NormalizedEmail == email && !row.EmailConfirmed && row.RegisteredBinding == "", cancel);

        // For every address, so that time tells nothing.
        var same = hasher.VerifyHashedPassword(new PortalUser(), user?.PasswordHash ?? nobodysHash, password) != PasswordVerificationResult.Failed;
        return new Before(user?.SecurityStamp, same);
    }

    private async Task<bool> IsKnownAsync(string address, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(user => user.NormalizedEmail == address || user.PhoneNumber == address, cancel);
    }

    /// <returns>Null if somebody else registered the address in this moment: nothing was written, and his password is to be looked at first.</returns>
    private async Task<RegisterOutcome?> WriteAsync(
        PortalDbContext db, string email, Typed typed, Asker asker, Before? before, CancellationToken cancel)
    {
        // A user name is there for others to see, so that one is taken is no secret. Whose it is stays one. Only verified accounts hold theirs.
        var name = typed.UserName is null ? null : UserName.Normalise(typed.UserName);
        var holder = name is null ? null : await db.Users.SingleOrDefaultAsync(row => row.NormalizedUserName == name, cancel);
        if (holder is { EmailConfirmed: true })
        {
            return new RegisterOutcome.Invalid([new FieldError(nameof(RegisterRequest.UserName), "This user name is taken. Choose another, or leave it empty.")]);
        }

        var user = await db.Users.SingleOrDefaultAsync(row => row.NormalizedEmail == email, cancel);
        var taken = user is { EmailConfirmed: true };
        if (taken && options.Value.RevealUnknownAccounts)
        {
            return new RegisterOutcome.AlreadyExists();
        }

        var message = taken ? MessageKind.AccountExists : MessageKind.Code;
        var outcome = await otp.SendAsync(db, new SendRequest(email, Purpose.Register, asker) { Message = message }, cancel);

        // Where nothing is written, a proof of nothing.
        var stamp = AccountProof.NewStamp();

        // What was typed is replaced together with the code, or by the browser that typed it. A stranger who registers the address
        // during the cooldown must not put his password in the place of the one whose code is on its way.
        var mayReplace = outcome is SendOutcome.Sent || (user?.RegisteredBinding == asker.Binding.Challenge && asker.Binding != Binding.None);
        var twoTyped = !taken && !mayReplace && before is not null && user is { RegisteredBinding: "", PasswordHash: not null };
        if (twoTyped && user!.SecurityStamp != before!.Stamp)
        {
            return null;
        }

        if (twoTyped && !before!.SamePassword)
        {
            // The one code that is on its way would verify what only one of two typed, and nobody knows which: it verifies the address alone.
            AccountProof.Forget(user!);
            await db.SaveChangesAsync(cancel);
        }
        else if (taken || !mayReplace)
        {
            // A stranger learns nothing, from timing either: every registration writes to the accounts once.
            await db.Users.Where(row => row.NormalizedEmail == email)
                .ExecuteUpdateAsync(row => row.SetProperty(same => same.ConcurrencyStamp, same => same.ConcurrencyStamp), cancel);
        }
        else
        {
            user ??= db.Users.Add(NewAccount(email)).Entity;
            if (holder is not null && holder != user)
            {
                NameByAddress(holder);
                await db.SaveChangesAsync(cancel);
            }

            user.UserName = typed.UserName ?? email;
            user.NormalizedUserName = name ?? email;
            user.PasswordHash = typed.PasswordHash;
            user.FirstName = typed.FirstName;
            user.LastName = typed.LastName;
            user.PhoneNumber = typed.Mobile;
            user.PhoneNumberConfirmed = false;
            user.RegisteredAt = clock.GetUtcNow();
            user.RegisteredBinding = asker.Binding.Challenge;
            user.SecurityStamp = stamp;
            await db.SaveChangesAsync(cancel);
            await db.NoteAsync(new() { At = clock.GetUtcNow(), Kind = ActivityKind.Registered, Address = email });
        }

        if (typed.Channel != Channels.Email)
        {
            // Refused or not, the answer is that of the address's code: this one can be asked for again by itself.
            await mobiles.SendAsync(db, typed.Mobile!, taken || !mayReplace ? null : user, typed.Channel, asker, cancel);
        }

        return outcome switch
        {
            SendOutcome.Sent sent => new RegisterOutcome.CodeSent(email, stamp, sent),
            SendOutcome.Refused refused => new RegisterOutcome.Refused(email, refused),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    /// <summary>An earlier registration of the address: the account's stamp, null if there is none, and whether the same password was typed.</summary>
    private sealed record Before(string? Stamp, bool SamePassword);

    private sealed record Typed(string PasswordHash, string? FirstName, string? LastName, string? UserName, string? Mobile, string Channel);
}
