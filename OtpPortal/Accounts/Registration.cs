using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Registers people. A registration waits for the code that was sent to its address, and then becomes an account.</summary>
public sealed class Registration(
    OtpService otp,
    PendingRegistrations pending,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    PasswordHashing hashing,
    IHostEnvironment environment,
    IOptions<OtpOptions> options,
    TimeProvider clock)
{
    /// <summary>Stores the registration and sends a code to its address. An address with an account is handled in the same way.</summary>
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
                db => TryRegisterAsync(db, valid, data, requester, prior, cancellationToken), cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <summary>What this binding registered before, and whether a hash is needed. If nothing would be written, none is computed.</summary>
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

        // Programs without a binding are distinguished by their password. The comparison depends on what was registered without a binding,
        // and never on whether there is an account.
        var isSame = binding == Binding.None
            && await hashing.VerifyAsync(row.PasswordHash, valid.Password, cancellationToken) != PasswordVerificationResult.Failed;
        return new PriorRegistration(row.PasswordHash, isSame, NeedsHash: true);
    }

    /// <returns>Null if the prior registration has changed in the meantime: nothing was written, and the caller has to try again.</returns>
    private async Task<RegisterOutcome?> TryRegisterAsync(
        PortalDbContext db,
        ValidRegistration valid,
        RegistrationData? data,
        Requester requester,
        PriorRegistration prior,
        CancellationToken cancellationToken)
    {
        if (await IsUserNameTakenAsync(db, valid.UserName, cancellationToken))
        {
            return new RegisterOutcome.Invalid(
                [new FieldError(nameof(RegistrationForm.UserName), "This user name is taken. Choose another, or leave it empty.")]);
        }

        var isTaken = await AccountLookup.Find(db, valid.Email).AnyAsync(cancellationToken);
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
        var change = RegistrationDecision.Decide(
            outcome is SendOutcome.Sent, requester.Binding != Binding.None, row is not null, prior.IsSamePassword);
        await WriteAsync(db, valid.Email, requester.Binding, data, change, isTaken);
        return outcome switch
        {
            SendOutcome.Sent sent => new RegisterOutcome.CodeSent(valid.Email, sent),
            SendOutcome.Refused refused => new RegisterOutcome.Refused(valid.Email, refused),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    // User names are public, so a response may reveal that one is taken, but not whose it is.
    private static async Task<bool> IsUserNameTakenAsync(PortalDbContext db, string? userName, CancellationToken cancellationToken)
    {
        var name = userName is null ? null : UserName.Normalise(userName);
        return name is not null && await db.Users.AnyAsync(row => row.NormalizedUserName == name, cancellationToken);
    }

    private async Task WriteAsync(
        PortalDbContext db, EmailAddress email, Binding binding, RegistrationData? data, RegistrationChange change, bool isTaken)
    {
        if (change == RegistrationChange.Contest)
        {
            await PendingRegistrations.ContestAsync(db, email, binding);
        }

        if (data is null || change is not (RegistrationChange.Replace or RegistrationChange.ReplaceContested))
        {
            return;
        }

        await pending.WriteAsync(db, email, binding, data, isContested: change == RegistrationChange.ReplaceContested);
        await db.RecordAsync(new()
        {
            At = clock.GetUtcNow(),
            Kind = isTaken ? ActivityEventKind.RegisteredAgain : ActivityEventKind.Registered,
            Address = email.Value,
        });
    }

    private sealed record PriorRegistration(string? PasswordHash, bool IsSamePassword, bool NeedsHash);
}
