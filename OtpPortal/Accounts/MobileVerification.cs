using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Verifying the mobile number of an account: only a code that was sent to it proves whose it is.</summary>
public sealed class MobileVerification(OtpService otp, WriteLane lane)
{
    /// <summary>Sends a code to the account's number.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="channel">How: one of the channels to phones.</param>
    /// <param name="asker">Who asks.</param>
    /// <param name="cancel">Withdraws the request while it has not begun.</param>
    /// <returns>The number and what came of it, or null if the account has no number.</returns>
    public Task<(string Mobile, SendOutcome Outcome)?> SendAsync(string userId, string channel, Asker asker, CancellationToken cancel) =>
        lane.RunAsync<(string, SendOutcome)?>(
            async db =>
            {
                var mobile = await db.Users.Where(user => user.Id == userId).Select(user => user.PhoneNumber).SingleOrDefaultAsync(cancel);
                return mobile is null
                    ? null
                    : (mobile, await otp.SendAsync(db, new SendRequest(mobile, Purpose.Register, asker) { Channel = channel, Recipient = mobile }, cancel));
            },
            cancel);

    /// <summary>Checks a code. A right one makes the number the account's, if it is still the one that the account has.</summary>
    public async Task<VerifyOutcome> VerifyAsync(string userId, string mobile, string? typed, Binding binding, CancellationToken cancel)
    {
        var outcome = await otp.VerifyAsync(mobile, Purpose.Register, binding, typed, cancel);
        if (outcome is VerifyOutcome.Verified)
        {
            await lane.RunAsync(
                db => db.Users.Where(user => user.Id == userId && user.PhoneNumber == mobile)
                    .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumberConfirmed, true)),
                CancellationToken.None);
        }

        return outcome;
    }
}
