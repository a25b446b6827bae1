using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
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
    public async Task<RegisterOutcome> RegisterAsync(RegistrationForm request, Requester requester, CancellationToken cancellationToken)
    {
        if (RegistrationRules.Check(request, needsDot: !environment.IsDevelopment(), out var errors) is not { } valid)
        {
            return new RegisterOutcome.Invalid(errors);
        }

        while (true)
        {
            var prior = await FindPriorAsync(valid, requester.Binding, cancellationToken);
            var data = prior.NeedsHash ? valid.With(await hashing.HashAsync(valid.Password, cancellationToken)) : null;
            if (await lane.RunAsync(
                db => WriteAsync(db, valid, data, requester, prior, cancellationToken), cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <summary>Sends the code of a registration again.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="requester">The browser that asks.</param>
    public Task<SendOutcome> ResendAsync(string email, Requester requester, CancellationToken cancellationToken) =>
        lane.RunAsync(db => SendAsync(db, email, requester, MessageKind.Decoy, cancellationToken), cancellationToken);

    /// <summary>Sends a code by which a registered address is verified.</summary>
    /// <param name="typedEmail">As typed.</param>
    /// <param name="requester">The program that asks.</param>
    /// <param name="channel">How it travels; null for the usual way.</param>
    public async Task<CodeRequestOutcome> RequestCodeAsync(
        string? typedEmail, Requester requester, string? channel, CancellationToken cancellationToken)
    {
        if (EmailAddress.Parse(typedEmail, out var error)?.Value is not { } email)
        {
            return CodeRequestOutcome.Wrong("Email", error!);
        }

        // What proves an address must go there.
        if (channel is not (null or Channels.Email))
        {
            return CodeRequestOutcome.Wrong("Channel", "An email address is verified by email.");
        }

        if (options.Value.RevealUnknownAccounts && !await IsKnownAsync(email, cancellationToken))
        {
            return new CodeRequestOutcome.Unknown("Email");
        }

        return CodeRequestOutcome.Of(email, await ResendAsync(email, requester, cancellationToken));
    }

    /// <summary>Checks the code of a registration. A right one makes the account, if there is none.</summary>
    /// <param name="email">The address whose code it is.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">Where it was typed.</param>
    /// <param name="session">The session that begins with it; null for none.</param>
    public async Task<CodeOutcome> VerifyAsync(
        string email, string? typed, Binding binding, SessionRequest? session, CancellationToken cancellationToken)
    {
        // The password was typed where the code is entered, so that both were given.
        var (outcome, accepted) = await otp.VerifyAsync(
            email, Purpose.Register, binding, typed, db => verification.AcceptAsync(db, email, binding, Purpose.Register, session),
                cancellationToken);
        return accepted ?? new CodeOutcome.Refused(outcome);
    }

    /// <summary>Sends the code of a registration within the caller's unit of work.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The normalised address.</param>
    /// <param name="requester">The browser or program that asks.</param>
    /// <param name="whereTaken">What is sent to the owner of an address that has an account.</param>
    internal async Task<SendOutcome> SendAsync(
        PortalDbContext db, string email, Requester requester, MessageKind whereTaken, CancellationToken cancellationToken)
    {
        // A decoy goes to nobody: the answer is the same for an address without an account, with one, and for one that nobody has
        // registered.
        var isTaken = await db.Users.AnyAsync(row => row.NormalizedEmail == email, cancellationToken);
        var isPending = await PendingRegistrations.AnyAsync(db, email);
        var message = isTaken ? whereTaken : isPending ? MessageKind.Code : MessageKind.Decoy;
        return await otp.SendAsync(db, new SendRequest(email, Purpose.Register, requester) { Message = message }, cancellationToken);
    }

    /// <summary>
    /// What this binding registered before, and whether that calls for a hash: where nothing would be written, none is computed.
    /// </summary>
    private async Task<PriorRegistration> FindPriorAsync(ValidRegistration valid, Binding binding, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await PendingRegistrations.FindAsync(db, valid.Email, binding);
        if (row is null)
        {
            var status = await otp.StatusAsync(valid.Email, Purpose.Register, cancellationToken);
            return new PriorRegistration(
                PasswordHash: null, IsSamePassword: false, NeedsHash: status is null || status.NextSendAt <= clock.GetUtcNow());
        }

        // Programs that are not told apart by a binding are told apart by what they typed. The comparison depends on what was registered
        // without a binding, and never
        // on whether there is an account.
        var isSame = binding == Binding.None
            && await hashing.VerifyAsync(row.PasswordHash, valid.Password, cancellationToken) != PasswordVerificationResult.Failed;
        return new PriorRegistration(row.PasswordHash, isSame, NeedsHash: true);
    }

    private async Task<bool> IsKnownAsync(string email, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(user => user.NormalizedEmail == email, cancellationToken)
            || await PendingRegistrations.AnyAsync(db, email);
    }

    /// <returns>Null if what was found before has changed in this moment: nothing was written, and it is to be looked at again.</returns>
    private async Task<RegisterOutcome?> WriteAsync(
        PortalDbContext db, ValidRegistration valid, RegistrationData? data, Requester requester, PriorRegistration prior,
            CancellationToken cancellationToken)
    {
        // A user name is there for others to see, so that one is taken is no secret. Whose it is stays one.
        var name = valid.UserName is null ? null : UserName.Normalise(valid.UserName);
        if (name is not null && await db.Users.AnyAsync(row => row.NormalizedUserName == name, cancellationToken))
        {
            return new RegisterOutcome.Invalid(
                [new FieldError(nameof(RegistrationForm.UserName), "This user name is taken. Choose another, or leave it empty.")]);
        }

        var isTaken = await db.Users.AnyAsync(row => row.NormalizedEmail == valid.Email, cancellationToken);
        if (isTaken && options.Value.RevealUnknownAccounts)
        {
            return new RegisterOutcome.AlreadyExists();
        }

        var row = await PendingRegistrations.FindAsync(db, valid.Email, requester.Binding);
        if (row?.PasswordHash != prior.PasswordHash
            || (data is null && await otp.CanSendAsync(db, valid.Email, Purpose.Register, cancellationToken)))
        {
            return null;
        }

        var message = isTaken ? MessageKind.AccountExists : MessageKind.Code;
        var outcome = await otp.SendAsync(
            db, new SendRequest(valid.Email, Purpose.Register, requester) { Message = message }, cancellationToken);
        // Of two registrants without a binding who typed different passwords, nobody can say who the owner is: the code verifies the
        // address alone.
        var isContested = requester.Binding == Binding.None && row is not null && !prior.IsSamePassword;

        // It is written together with its code, or over what the same browser typed. A stranger who registers the address during the
        // cooldown leaves nothing.
        var isWritten = outcome is SendOutcome.Sent || (row is not null && requester.Binding != Binding.None);
        if (isWritten && data is not null)
        {
            await pending.WriteAsync(db, valid.Email, requester.Binding, data, isContested);
            await db.RecordAsync(new()
            {
                At = clock.GetUtcNow(),
                Kind = isTaken ? ActivityEventKind.RegisteredAgain : ActivityEventKind.Registered,
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
