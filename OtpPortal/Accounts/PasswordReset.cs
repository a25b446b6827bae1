using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The outcome of setting a new password.</summary>
public abstract record ResetOutcome
{
    private ResetOutcome()
    {
    }

    /// <summary>The password is set, and everything that gave access to the account before is revoked.</summary>
    public sealed record Done : ResetOutcome;

    /// <summary>The ticket is unknown, has expired or was used.</summary>
    public sealed record NoTicket : ResetOutcome;

    /// <summary>The input is invalid, and the ticket stays valid.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResetOutcome;
}

/// <summary>Sets a new password for a person who forgot the old one and entered a code.</summary>
public sealed class PasswordReset(
    AccessRevocation revocation,
    Outbox outbox,
    SendCounters counters,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    PasswordHashing hashing,
    TimeProvider clock)
{
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Sets a new password. Each ticket works once.</summary>
    /// <param name="identifier">The address or mobile number for which the person requested the code.</param>
    public async Task<ResetOutcome> ResetAsync(
        Identifier identifier, string ticket, string? password, string? confirmPassword, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (PasswordRules.Check(password, (identifier as EmailAddress)?.Value) is { } weak)
        {
            errors.Add(new FieldError("NewPassword", weak));
        }

        if (PasswordRules.CheckConfirmation(password, confirmPassword) is { } different)
        {
            errors.Add(new FieldError("ConfirmPassword", different));
        }

        if (errors.Count > 0)
        {
            return new ResetOutcome.Invalid(errors);
        }

        // The ticket is checked first, because a hash is expensive and must not be computed for a request without a ticket.
        if (!await HasTicketAsync(identifier, ticket, cancellationToken))
        {
            return new ResetOutcome.NoTicket();
        }

        var hash = await hashing.HashAsync(password!, cancellationToken);
        return await lane.RunAsync<ResetOutcome>(
            async db => await RedeemAsync(db, identifier, ticket, hash) ? new ResetOutcome.Done() : new ResetOutcome.NoTicket(),
            cancellationToken);
    }

    private async Task<bool> HasTicketAsync(Identifier identifier, string ticket, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await WithTicket(db, identifier, ticket).AnyAsync(cancellationToken);
    }

    private IQueryable<PortalUser> WithTicket(PortalDbContext db, Identifier identifier, string ticket)
    {
        var (hash, now) = (SecretToken.HashOf(ticket), clock.GetUtcNow());
        return AccountLookup.Find(db, identifier).Where(user => user.ResetTicketHash == hash && user.ResetTicketExpiresAt > now);
    }

    private async Task<bool> RedeemAsync(PortalDbContext db, Identifier identifier, string ticket, string passwordHash)
    {
        // Units of work run one at a time, so of two concurrent requests only one finds the ticket.
        if (await WithTicket(db, identifier, ticket).SingleOrDefaultAsync() is not { } user)
        {
            return false;
        }

        user.PasswordHash = passwordHash;
        await revocation.RevokeAllAsync(db, user);
        var email = user.EmailAddress;
        await PasswordThrottle.ClearAsync(db, email);
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.PasswordReset, Address = email.Value });
        if (await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("password-changed", email)))
        {
            await outbox.AcceptAsync(db, new OutboxRequest(MessageKind.PasswordChanged, email));
        }

        return true;
    }
}
