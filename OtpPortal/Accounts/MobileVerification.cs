using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Verifying the mobile number of an account: only a code that was sent to it proves whose it is.</summary>
public sealed class MobileVerification(OtpService otp, WriteLane lane, TimeProvider clock)
{
    /// <summary>Sends a code to the account's number.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="channel">How: one of the channels to phones.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <returns>The number and what came of it, or null if the account has no number.</returns>
    public Task<(string Mobile, SendOutcome Outcome)?> SendAsync(string userId, string channel, Asker asker, CancellationToken cancel) =>
        lane.RunAsync<(string, SendOutcome)?>(
            async db => await db.Users.SingleOrDefaultAsync(row => row.Id == userId, cancel) is { PhoneNumber: { } mobile } user
                ? (mobile, await SendAsync(db, mobile, user, channel, asker, cancel))
                : null,
            cancel);

    /// <summary>
    /// Sends a code to a number that somebody named. It belongs to the account that asked last among those that wait to have it verified; a
    /// number of none is sent nothing.
    /// </summary>
    /// <inheritdoc cref="SendAsync(string, string, Asker, CancellationToken)"/>
    public Task<SendOutcome> SendToAsync(string mobile, string channel, Asker asker, CancellationToken cancel) => lane.RunAsync(
        async db => await SendAsync(db, mobile, await LastToAskAsync(db, mobile, cancel), channel, asker, cancel), cancel);

    /// <summary>Checks a code. A right one makes the number the account's, if it is still the one that the account has.</summary>
    public async Task<VerifyOutcome> VerifyAsync(string userId, string mobile, string? typed, Binding binding, CancellationToken cancel)
    {
        var outcome = await otp.VerifyAsync(mobile, Purpose.Register, binding, typed, cancel);
        if (outcome is VerifyOutcome.Verified)
        {
            await lane.RunAsync(db => GiveAsync(db, mobile, userId), CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>Checks a code for the account that asked for it last.</summary>
    public async Task<VerifyOutcome> VerifyAsync(string mobile, string? typed, Binding binding, CancellationToken cancel)
    {
        var outcome = await otp.VerifyAsync(mobile, Purpose.Register, binding, typed, cancel);
        return outcome is VerifyOutcome.Verified
            ? await lane.RunAsync<VerifyOutcome>(
                async db => await LastToAskAsync(db, mobile, CancellationToken.None) is { } user && await GiveAsync(db, mobile, user.Id)
                    ? outcome
                    : new VerifyOutcome.None(),
                CancellationToken.None)
            : outcome;
    }

    /// <summary>Sends a code as a part of the caller's transaction; where the account is null, one that nobody can redeem.</summary>
    internal async Task<SendOutcome> SendAsync(
        PortalDbContext db, string mobile, PortalUser? user, string channel, Asker asker, CancellationToken cancel)
    {
        var message = user is null ? MessageKind.Nothing : MessageKind.Code;
        var outcome = await otp.SendAsync(
            db, new SendRequest(mobile, Purpose.Register, asker) { Message = message, Channel = channel, Recipient = mobile }, cancel);
        if (outcome is SendOutcome.Sent && user is not null)
        {
            user.MobileAskedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(cancel);
        }

        return outcome;
    }

    private static Task<PortalUser?> LastToAskAsync(PortalDbContext db, string mobile, CancellationToken cancel) => db.Users
        .Where(user => user.PhoneNumber == mobile && !user.PhoneNumberConfirmed)
        .OrderByDescending(user => user.MobileAskedAt).ThenByDescending(user => user.RegisteredAt).ThenBy(user => user.Id)
        .FirstOrDefaultAsync(cancel);

    /// <summary>Makes the number one account's, and nobody else's: it names a person.</summary>
    private async Task<bool> GiveAsync(PortalDbContext db, string mobile, string userId)
    {
        var given = await db.Users.Where(user => user.Id == userId && user.PhoneNumber == mobile)
            .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumberConfirmed, true));
        if (given == 1)
        {
            await db.NoteAsync(new() { At = clock.GetUtcNow(), Kind = ActivityKind.MobileVerified, Address = mobile });
            await db.Users.Where(user => user.Id != userId && user.PhoneNumber == mobile && user.PhoneNumberConfirmed)
                .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumberConfirmed, false));
        }

        return given == 1;
    }
}
