using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
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
    public sealed record Refused(VerifyOutcome Why) : ResetCodeOutcome;
}

/// <summary>What came of setting a new password.</summary>
public abstract record ResetOutcome
{
    private ResetOutcome()
    {
    }

    /// <summary>It is set; all sessions of the account are ended.</summary>
    public sealed record Done : ResetOutcome;

    /// <summary>The ticket was used, is over, or never was.</summary>
    public sealed record NoTicket : ResetOutcome;

    /// <summary>Something typed is wrong; the ticket is still good.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResetOutcome;
}

/// <summary>Resetting a forgotten password: a code, then a ticket, then the new password.</summary>
public sealed class PasswordReset(
    OtpService otp,
    SignIn signIn,
    AccountProof proof,
    RefreshTokens tokens,
    Outbox outbox,
    WriteLane lane,
    IPasswordHasher<PortalUser> hasher,
    TimeProvider clock)
{
    /// <summary>How long a ticket is good for.</summary>
    public static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Sends a code. Addresses without an account take the same way.</summary>
    public Task<CodeRequestOutcome> RequestAsync(
        string? typedEmail, Asker asker, CancellationToken cancel, string? channel = null, string? typedMobile = null) =>
        signIn.RequestAsync(typedEmail, typedMobile, Purpose.ForgotPassword, asker, channel, cancel);

    /// <summary>Sends the code again.</summary>
    public Task<SendOutcome> ResendAsync(string email, Asker asker, CancellationToken cancel, string channel = Channels.Email) =>
        lane.RunAsync(db => signIn.SendToAccountAsync(db, email, Purpose.ForgotPassword, asker, channel, cancel), cancel);

    /// <summary>Checks a code. A right one yields the ticket, and verifies the account if it was not.</summary>
    public async Task<ResetCodeOutcome> VerifyAsync(string email, string? typed, Binding binding, CancellationToken cancel)
    {
        var outcome = await otp.VerifyAsync(email, Purpose.ForgotPassword, binding, typed, cancel);
        return outcome is VerifyOutcome.Verified
            ? await lane.RunAsync(db => IssueTicketAsync(db, email, binding), CancellationToken.None)
            : new ResetCodeOutcome.Refused(outcome);
    }

    /// <summary>Sets a new password, once for each ticket.</summary>
    public async Task<ResetOutcome> ResetAsync(string email, string ticket, string? password, string? passwordAgain, CancellationToken cancel)
    {
        var errors = new List<FieldError>();
        if (PasswordRules.Check(password, email) is { } weak)
        {
            errors.Add(new FieldError("NewPassword", weak));
        }

        if (!string.IsNullOrEmpty(passwordAgain) && passwordAgain != password)
        {
            errors.Add(new FieldError("PasswordAgain", "The two passwords differ. Type the same one twice."));
        }

        if (errors.Count > 0)
        {
            return new ResetOutcome.Invalid(errors);
        }

        var hash = hasher.HashPassword(new PortalUser(), password!);
        return await lane.RunAsync<ResetOutcome>(
            async db => await RedeemAsync(db, email, ticket, hash) ? new ResetOutcome.Done() : new ResetOutcome.NoTicket(), cancel);
    }

    private async Task<ResetCodeOutcome> IssueTicketAsync(PortalDbContext db, string email, Binding binding)
    {
        if (await proof.ApplyAsync(db, email, binding, Purpose.ForgotPassword) is not { } user)
        {
            return new ResetCodeOutcome.Refused(new VerifyOutcome.None());
        }

        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        user.ResetTicketHash = HashOf(ticket);
        user.ResetTicketExpiresAt = clock.GetUtcNow() + TicketLifetime;
        await db.SaveChangesAsync();
        return new ResetCodeOutcome.Accepted(ticket, TicketLifetime);
    }

    private async Task<bool> RedeemAsync(PortalDbContext db, string email, string ticket, string passwordHash)
    {
        var now = clock.GetUtcNow();
        var ticketHash = HashOf(ticket);
        var stamp = AccountProof.NewStamp();

        // The ticket is consumed and the password set by one statement: of two that try, one finds it.
        var set = await db.Users
            .Where(user => user.NormalizedEmail == email && user.ResetTicketHash == ticketHash && user.ResetTicketExpiresAt > now)
            .ExecuteUpdateAsync(user => user
                .SetProperty(row => row.ResetTicketHash, (string?)null)
                .SetProperty(row => row.ResetTicketExpiresAt, (DateTimeOffset?)null)
                .SetProperty(row => row.PasswordHash, passwordHash)
                .SetProperty(row => row.SecurityStamp, stamp));
        if (set == 0)
        {
            return false;
        }

        await tokens.EndAllAsync(db, await db.Users.Where(user => user.NormalizedEmail == email).Select(user => user.Id).SingleAsync());
        await PasswordBudget.ClearAsync(db, email);
        await db.NoteAsync(new() { At = now, Kind = ActivityKind.PasswordReset, Address = email });
        await outbox.AcceptAsync(db, new OutboxRequest(MessageKind.PasswordChanged, email));
        return true;
    }

    private static string HashOf(string ticket) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));
}
