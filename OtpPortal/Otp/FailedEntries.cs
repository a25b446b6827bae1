using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>Records codes that were not accepted, and notifies the owner when a code has no attempts left.</summary>
public sealed class FailedEntries(
    SendCounters counters,
    Outbox outbox,
    IIdentifierOwners owners,
    WriteLane lane,
    IOptions<OtpOptions> options,
    ILogger<FailedEntries> log)
{
    /// <summary>Never fails: the attempt is on disk already, and a failure here must not undo it or hide the outcome.</summary>
    /// <param name="compared">The result of the comparison; null if nothing was compared.</param>
    /// <param name="at">When the code was entered.</param>
    public async Task RecordAsync(
        Identifier identifier, Purpose purpose, VerifyOutcome outcome, OtpStore.Comparison? compared, DateTimeOffset at)
    {
        try
        {
            RequestContext.Current = RequestContext.Current with { Deadline = null };
            await lane.RunAsync(
                async db =>
                {
                    await OtpActivity.RecordEntryAsync(db, identifier, purpose, outcome, compared, at);

                    // This was the last guess. It happens only once for each code, because no code is compared after it.
                    if (compared?.Attempts == options.Value.For(purpose).MaxAttempts)
                    {
                        await NotifyAsync(db, identifier, purpose);
                    }
                },
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A wrong code was counted, but it could not be recorded in the activity log");
        }
    }

    private async Task NotifyAsync(PortalDbContext db, Identifier identifier, Purpose purpose)
    {
        if (await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("wrong-codes", identifier)))
        {
            await counters.AddAsync(db, Mailbox.LimitOf(identifier).Key);
            var owner = await owners.FindAddressAsync(db, identifier);
            await outbox.AcceptWrongCodesAsync(db, identifier, purpose.Name(), owner);
        }
    }
}
