using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Registering: what was typed waits until the code that was sent to its address is entered, and becomes an account then.
/// </summary>
public sealed class Registration(
    OtpService otp,
    AccountVerification verification,
    PendingRegistrations pending,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    PasswordHashing hashing,
    IHostEnvironment environment,
    IOptions<OtpOptions> options,
    TimeProvider clock)
{
    /// <summary>Keeps what was typed, and sends the code of its address. An address with an account takes the same way.</summary>
    public async Task<RegisterOutcome> RegisterAsync(RegisterRequest request, Asker asker, CancellationToken cancel)
    {
        if (RegistrationRules.Check(request, needsDot: !environment.IsDevelopment(), out var errors) is not { } valid)
        {
            return new RegisterOutcome.Invalid(errors);
        }

        while (true)
        {
            var prior = await FindPriorAsync(valid, asker.Binding, cancel);
            var data = prior.NeedsHash ? valid.With(await hashing.HashAsync(valid.Password, cancel)) : null;
            if (await lane.RunAsync(db => WriteAsync(db, valid, data, asker, prior, cancel), cancel) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <summary>Sends the code of a registration again.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="asker">The browser that asks.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    public Task<SendOutcome> ResendAsync(string email, Asker asker, CancellationToken cancel) =>
        lane.RunAsync(db => SendAsync(db, email, asker, MessageKind.Nothing, cancel), cancel);

    /// <summary>Sends a code by which a registered address is verified.</summary>
    /// <param name="typedEmail">As typed.</param>
    /// <param name="asker">The program that asks.</param>
    /// <param name="channel">How it travels; null for the usual way.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    public async Task<CodeRequestOutcome> RequestCodeAsync(string? typedEmail, Asker asker, string? channel, CancellationToken cancel)
    {
        if (EmailAddress.Parse(typedEmail, out var error)?.Value is not { } email)
        {
            return CodeRequestOutcome.Wrong("Email", error!);
        }

        // What proves an address must go there.
        if (channel is not (null or Channels.Email))
        {
            return CodeRequestOutcome.Wrong("Channel", "An address is verified by email.");
        }

        if (options.Value.RevealUnknownAccounts && !await IsKnownAsync(email, cancel))
        {
            return new CodeRequestOutcome.Unknown("Email");
        }

        return CodeRequestOutcome.Of(email, await ResendAsync(email, asker, cancel));
    }

    /// <summary>Checks the code of a registration. A right one makes the account, if there is none.</summary>
    /// <param name="email">The address whose code it is.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">Where it was typed.</param>
    /// <param name="session">The session that begins with it; null for none.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    public async Task<CodeOutcome> VerifyAsync(string email, string? typed, Binding binding, SessionRequest? session, CancellationToken cancel)
    {
        // The password was typed where the code is entered, so that both were given.
        var (outcome, accepted) = await otp.VerifyAsync(
            email, Purpose.Register, binding, typed, db => verification.AcceptAsync(db, email, binding, Purpose.Register, session), cancel);
        return accepted ?? new CodeOutcome.Refused(outcome);
    }

    /// <summary>Sends the code of a registration within the caller's unit of work.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The normalised address.</param>
    /// <param name="asker">The browser or program that asks.</param>
    /// <param name="whereTaken">What is sent to the owner of an address that has an account.</param>
    /// <param name="cancel">Ends the reading.</param>
    internal async Task<SendOutcome> SendAsync(PortalDbContext db, string email, Asker asker, MessageKind whereTaken, CancellationToken cancel)
    {
        // A decoy goes to nobody: the answer is the same for an address without an account, with one, and for one that nobody has
        // registered.
        var isTaken = await db.Users.AnyAsync(row => row.NormalizedEmail == email, cancel);
        var isPending = await PendingRegistrations.AnyAsync(db, email);
        var message = isTaken ? whereTaken : isPending ? MessageKind.Code : MessageKind.Nothing;
        return await otp.SendAsync(db, new SendRequest(email, Purpose.Register, asker) { Message = message }, cancel);
    }

    /// <summary>
    /// What this binding registered before, and whether that calls for a hash: where nothing would be written, none is computed.
    /// </summary>
    private async Task<PriorRegistration> FindPriorAsync(ValidRegistration valid, Binding binding, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await PendingRegistrations.FindAsync(db, valid.Email, binding);
        if (row is null)
        {
            var status = await otp.StatusAsync(valid.Email, Purpose.Register, cancel);
            return new PriorRegistration(PasswordHash: null, IsSamePassword: false, NeedsHash: status is null || status.NextSendAt <= clock.GetUtcNow());
        }

        // Programs that are not told apart by a binding are told apart by what they typed. The comparison depends on what was registered
        // without a binding, and never
        // on whether there is an account.
        var isSame = binding == Binding.None
            && await hashing.VerifyAsync(row.PasswordHash, valid.Password, cancel) != PasswordVerificationResult.Failed;
        return new PriorRegistration(row.PasswordHash, isSame, NeedsHash: true);
    }

    private async Task<bool> IsKnownAsync(string email, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(user => user.NormalizedEmail == email, cancel) || await PendingRegistrations.AnyAsync(db, email);
    }

    /// <returns>Null if what was found before has changed in this moment: nothing was written, and it is to be looked at again.</returns>
    private async Task<RegisterOutcome?> WriteAsync(
        PortalDbContext db, ValidRegistration valid, RegistrationData? data, Asker asker, PriorRegistration prior, CancellationToken cancel)
    {
        // A user name is there for others to see, so that one is taken is no secret. Whose it is stays one.
        var name = valid.UserName is null ? null : UserName.Normalise(valid.UserName);
        if (name is not null && await db.Users.AnyAsync(row => row.NormalizedUserName == name, cancel))
        {
            return new RegisterOutcome.Invalid([new FieldError(nameof(RegisterRequest.UserName), "This user name is taken. Choose another, or leave it empty.")]);
        }

        var isTaken = await db.Users.AnyAsync(row => row.NormalizedEmail == valid.Email, cancel);
        if (isTaken && options.Value.RevealUnknownAccounts)
        {
            return new RegisterOutcome.AlreadyExists();
        }

        var row = await PendingRegistrations.FindAsync(db, valid.Email, asker.Binding);
        if (row?.PasswordHash != prior.PasswordHash || (data is null && await otp.CanSendAsync(db, valid.Email, Purpose.Register, cancel)))
        {
            return null;
        }

        var message = isTaken ? MessageKind.AccountExists : MessageKind.Code;
        var outcome = await otp.SendAsync(db, new SendRequest(valid.Email, Purpose.Register, asker) { Message = message }, cancel);
        // Of two registrants without a binding who typed different passwords, nobody can say who the owner is: the code verifies the
        // address alone.
        var isContested = asker.Binding == Binding.None && row is not null && !prior.IsSamePassword;

        // It is written together with its code, or over what the same browser typed. A stranger who registers the address during the
        // cooldown leaves nothing.
        var isWritten = outcome is SendOutcome.Sent || (row is not null && asker.Binding != Binding.None);
        if (isWritten && data is not null)
        {
            await pending.WriteAsync(db, valid.Email, asker.Binding, data, isContested);
            await db.NoteAsync(new()
            {
                At = clock.GetUtcNow(),
                Kind = isTaken ? ActivityKind.RegisteredAgain : ActivityKind.Registered,
                Address = valid.Email,
            });
        }
        else if (isContested)
        {
            await PendingRegistrations.ContestAsync(db, row!);
        }

        return outcome switch
        {
            SendOutcome.Sent sent => new RegisterOutcome.CodeSent(valid.Email, sent),
            SendOutcome.Refused refused => new RegisterOutcome.Refused(valid.Email, refused),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    /// <summary>What the same binding registered before.</summary>
    private sealed record PriorRegistration(string? PasswordHash, bool IsSamePassword, bool NeedsHash);
}
