using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a code that was typed to reset a password.</summary>
public abstract record ResetCodeOutcome
{
    private ResetCodeOutcome()
    {
    }

    /// <summary>It was right. The ticket sets one new password.</summary>
    /// <param name="Ticket">To be kept secret; only its hash is stored.</param>
    /// <param name="ExpiresIn">How long it is good for.</param>
    public sealed record Accepted(string Ticket, TimeSpan ExpiresIn) : ResetCodeOutcome
    {
        /// <summary>Without the ticket.</summary>
        public override string ToString() => "******";
    }

    /// <summary>It was not accepted.</summary>
    public sealed record Refused(VerifyOutcome Outcome) : ResetCodeOutcome;
}

/// <summary>What came of setting a new password.</summary>
public abstract record ResetOutcome
{
    private ResetOutcome()
    {
    }

    /// <summary>It is set; everything that gave access to the account before is ended.</summary>
    public sealed record Done : ResetOutcome;

    /// <summary>The ticket was used, has expired, or never was.</summary>
    public sealed record NoTicket : ResetOutcome;

    /// <summary>Something typed is wrong; the ticket is still good.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResetOutcome;
}

/// <summary>Resetting a forgotten password: a code, then a ticket, then the new password.</summary>
public sealed class PasswordReset(
    OtpService otp,
    SignIn signIn,
    AccountVerification verification,
    AccessRevocation revocation,
    Outbox outbox,
    SendCounters counters,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    PasswordHashing hashing,
    TimeProvider clock)
{
    /// <summary>How long a ticket is good for.</summary>
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Sends a code. Addresses without an account take the same way.</summary>
    public Task<CodeRequestOutcome> RequestAsync(
        string? typedEmail, Requester requester, CancellationToken cancellationToken, string? channel = null, string? typedMobile = null) =>
        signIn.RequestAsync(typedEmail, typedMobile, Purpose.ForgotPassword, requester, channel, cancellationToken);

    /// <summary>Sends the code again.</summary>
    public Task<SendOutcome> ResendAsync(
        string email, Requester requester, CancellationToken cancellationToken, string channel = Channels.Email) =>
        lane.RunAsync(
            db => signIn.SendToAccountAsync(db, email, Purpose.ForgotPassword, requester, channel, cancellationToken), cancellationToken);

    /// <summary>Checks a code. A right one yields the ticket, and makes the account of an address that was registered.</summary>
    public async Task<ResetCodeOutcome> VerifyAsync(string email, string? typed, Binding binding, CancellationToken cancellationToken)
    {
        var (outcome, accepted) = await otp.VerifyAsync(
            email, Purpose.ForgotPassword, binding, typed, db => IssueTicketAsync(db, email, binding), cancellationToken);
        return accepted ?? new ResetCodeOutcome.Refused(outcome);
    }

    /// <summary>Sets a new password, once for each ticket.</summary>
    public async Task<ResetOutcome> ResetAsync(
        string email, string ticket, string? password, string? confirmPassword, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (PasswordRules.Check(password, email) is { } weak)
        {
            errors.Add(new FieldError("NewPassword", weak));
        }

        if (!string.IsNullOrEmpty(confirmPassword) && confirmPassword != password)
        {
            errors.Add(new FieldError("ConfirmPassword", "The passwords do not match. Enter the same password twice."));
        }

        if (errors.Count > 0)
        {
            return new ResetOutcome.Invalid(errors);
        }

        // Before the hash, which is what costs: without a ticket nobody has one computed.
        if (!await HasTicketAsync(email, ticket, cancellationToken))
        {
            return new ResetOutcome.NoTicket();
        }

        var hash = await hashing.HashAsync(password!, cancellationToken);
        return await lane.RunAsync<ResetOutcome>(
            async db => await RedeemAsync(db, email, ticket, hash) ? new ResetOutcome.Done() : new ResetOutcome.NoTicket(),
                cancellationToken);
    }

    private async Task<ResetCodeOutcome> IssueTicketAsync(PortalDbContext db, string email, Binding binding)
    {
        if (await verification.ConfirmAsync(db, email, binding, Purpose.ForgotPassword) is not var (user, _))
        {
            return new ResetCodeOutcome.Refused(new VerifyOutcome.None());
        }

        var ticket = SecretToken.Create();
        user.ResetTicketHash = SecretToken.HashOf(ticket);
        user.ResetTicketExpiresAt = clock.GetUtcNow() + TicketLifetime;
        await db.SaveChangesAsync();
        return new ResetCodeOutcome.Accepted(ticket, TicketLifetime);
    }

    private async Task<bool> HasTicketAsync(string email, string ticket, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await WithTicket(db, email, ticket).AnyAsync(cancellationToken);
    }

    private IQueryable<PortalUser> WithTicket(PortalDbContext db, string email, string ticket)
    {
        var (hash, now) = (SecretToken.HashOf(ticket), clock.GetUtcNow());
        return db.Users.Where(user => user.NormalizedEmail == email && user.ResetTicketHash == hash && user.ResetTicketExpiresAt > now);
    }

    private async Task<bool> RedeemAsync(PortalDbContext db, string email, string ticket, string passwordHash)
    {
        // The unit of work is alone in the database: of two that try, one finds the ticket.
        if (await WithTicket(db, email, ticket).SingleOrDefaultAsync() is not { } user)
        {
            return false;
        }

        user.PasswordHash = passwordHash;
        await revocation.RevokeAllAsync(db, user);
        await PasswordThrottle.ClearAsync(db, email);
        await db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.PasswordReset, Address = email });
        if (await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("password-changed", email)))
        {
            await outbox.AcceptAsync(db, new OutboxRequest(MessageKind.PasswordChanged, email));
        }

        return true;
    }
}
