using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Decides what the stored row of an identifier and purpose allows at a given time.</summary>
public sealed class OtpRules(IOptions<OtpOptions> options)
{
    private readonly OtpOptions options = options.Value;

    /// <summary>
    /// The time from which a send is accepted, and the rule that refuses it until then. If several rules refuse it, this is the one that
    /// lasts longest.
    /// </summary>
    public (DateTimeOffset At, SendRefusal Reason) NextSend(OtpCode row, Purpose purpose)
    {
        var rules = options.For(purpose);
        var next = (At: row.LastSentAt + rules.Cooldown, Reason: SendRefusal.Cooldown);
        Later(row.HourSends >= rules.SendsPerHour, row.HourStartedAt.AddHours(1), SendRefusal.HourlyCap);
        Later(row.DaySends >= rules.SendsPerDay, row.DayStartedAt.AddDays(1), SendRefusal.DailyCap);
        Later(row.Failures >= options.FailureBudget, LockedUntil(row), SendRefusal.Locked);
        return next;

        void Later(bool applies, DateTimeOffset at, SendRefusal reason)
        {
            if (applies && at > next.At)
            {
                next = (at, reason);
            }
        }
    }

    public bool IsLocked(OtpCode row, DateTimeOffset now) => row.Failures >= options.FailureBudget && LockedUntil(row) > now;

    /// <summary>When the lock of a row ends; a time in the past if there were no failures.</summary>
    public DateTimeOffset LockedUntil(OtpCode row) => (row.LastFailureAt ?? DateTimeOffset.UnixEpoch) + options.LockFor;

    /// <summary>
    /// What a page may show of a row. It does not show whether the code was redeemed, which concerns only the person who redeemed it.
    /// </summary>
    public CodeStatus Status(OtpCode row, Purpose purpose, DateTimeOffset now)
    {
        var (until, reason) = NextSend(row, purpose);
        var isWaiting = row.ExpiresAt > now && row.Attempts < options.For(purpose).MaxAttempts && !IsLocked(row, now);
        return new CodeStatus(row.LastSentAt, row.ExpiresAt, isWaiting, until, reason);
    }

    public VerifyOutcome Outcome(OtpStore.Comparison compared, Purpose purpose)
    {
        var attemptsLeft = options.For(purpose).MaxAttempts - compared.Attempts;
        return compared switch
        {
            { Verified: true } => new VerifyOutcome.Verified(),
            { Superseded: true } => new VerifyOutcome.Superseded(compared.LastSentAt, attemptsLeft),
            { Failures: var failures } when failures >= options.FailureBudget => new VerifyOutcome.Locked(options.LockFor),
            _ => new VerifyOutcome.Wrong(attemptsLeft),
        };
    }

    /// <summary>Why a code was not compared.</summary>
    /// <param name="isRedeemed">Whether the entered code is the newest one and was redeemed.</param>
    public VerifyOutcome Refusal(OtpCode? row, bool isRedeemed, DateTimeOffset now) => row switch
    {
        null => new VerifyOutcome.None(),
        _ when IsLocked(row, now) => new VerifyOutcome.Locked(LockedUntil(row) - now),
        _ when isRedeemed => new VerifyOutcome.None(),
        _ when row.ExpiresAt <= now => new VerifyOutcome.Expired(),
        _ => new VerifyOutcome.TooManyAttempts(),
    };
}
