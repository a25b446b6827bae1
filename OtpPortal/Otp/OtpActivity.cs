using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Records what happens to codes in the activity log.</summary>
internal static class OtpActivity
{
    /// <summary>Records that a send was accepted or refused.</summary>
    public static Task RecordSendAsync(PortalDbContext db, SendRequest request, DateTimeOffset at, ActivityEventKind kind) =>
        db.RecordAsync(new()
        {
            At = at,
            Kind = kind,
            Purpose = request.Purpose.Name(),
            Channel = request.Channel,
            Address = request.Identifier.Value,
            Detail = request.RequestedBy,
        });

    /// <summary>The event of a refused send.</summary>
    public static ActivityEventKind KindOf(SendRefusal refusal) => refusal switch
    {
        SendRefusal.Cooldown => ActivityEventKind.RefusedByCooldown,
        SendRefusal.Locked => ActivityEventKind.RefusedByLock,
        _ => ActivityEventKind.RefusedByCap,
    };

    /// <summary>Records that a code was entered.</summary>
    /// <param name="compared">The result of the comparison; null if the code was not compared.</param>
    public static async Task RecordEntryAsync(
        PortalDbContext db,
        Identifier identifier,
        Purpose purpose,
        VerifyOutcome outcome,
        OtpStore.Comparison? compared,
        DateTimeOffset at)
    {
        await RecordAsync(outcome switch
        {
            VerifyOutcome.Verified => ActivityEventKind.Verified,
            VerifyOutcome.Superseded => ActivityEventKind.EarlierCode,
            VerifyOutcome.Expired => ActivityEventKind.ExpiredCode,
            VerifyOutcome.Wrong => ActivityEventKind.WrongCode,

            // The guess that spent the budget was compared. Later guesses are not.
            VerifyOutcome.Locked => compared is null ? ActivityEventKind.RefusedByLock : ActivityEventKind.WrongCode,
            _ => ActivityEventKind.NoCode,
        });
        if (outcome is VerifyOutcome.Locked && compared is not null)
        {
            await RecordAsync(ActivityEventKind.Locked);
        }

        Task RecordAsync(ActivityEventKind kind) => db.RecordAsync(new()
        {
            At = at,
            Kind = kind,
            Purpose = purpose.Name(),
            Address = identifier.Value,
            Delay = kind == ActivityEventKind.Verified ? (long)(at - compared!.LastSentAt).TotalMilliseconds : null,
        });
    }
}
