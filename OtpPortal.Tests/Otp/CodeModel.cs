using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

/// <summary>
/// The rules for the codes of one address and purpose, as plainly as they can be said: in memory, one thing after another, never
/// purged.
/// </summary>
internal sealed class CodeModel(OtpOptions options, PurposeRules rules)
{
    private readonly List<(Guess Code, DateTimeOffset Expires)> earlier = [];
    private readonly List<DateTimeOffset> failures = [];
    private Guess? current;
    private bool redeemed;
    private int attempts;
    private DateTimeOffset sentAt;
    private (DateTimeOffset Start, int Sends) hour;
    private (DateTimeOffset Start, int Sends) day;

    private DateTimeOffset Expires => sentAt + rules.Expiry;

    /// <summary>What a send answers; the code itself is told with <see cref="Sent"/>.</summary>
    public SendOutcome Send(DateTimeOffset now)
    {
        if (current is not null)
        {
            var refusals = new List<(SendRefusal Reason, DateTimeOffset Until)> { (SendRefusal.Cooldown, sentAt + rules.Cooldown) };
            if (hour.Sends >= rules.SendsPerHour)
            {
                refusals.Add((SendRefusal.HourlyCap, hour.Start.AddHours(1)));
            }

            if (day.Sends >= rules.SendsPerDay)
            {
                refusals.Add((SendRefusal.DailyCap, day.Start.AddDays(1)));
            }

            if (failures.Count >= options.FailureBudget)
            {
                refusals.Add((SendRefusal.Locked, failures[^1] + options.LockFor));
            }

            var longest = refusals.MaxBy(refusal => refusal.Until);
            if (longest.Until > now)
            {
                return new SendOutcome.Refused(longest.Reason, longest.Until - now);
            }
        }

        return new SendOutcome.Sent(rules.Cooldown, rules.Expiry);
    }

    /// <summary>A send was accepted, and this is its code.</summary>
    public void Sent(Guess code, DateTimeOffset now)
    {
        if (current is not null && !redeemed && Expires > now)
        {
            earlier.Add((current, Expires));
        }

        hour = Next(hour, TimeSpan.FromHours(1));
        day = Next(day, TimeSpan.FromDays(1));
        (current, redeemed, attempts, sentAt) = (code, false, 0, now);

        (DateTimeOffset Start, int Sends) Next((DateTimeOffset Start, int Sends) window, TimeSpan length) =>
            window.Sends == 0 || window.Start + length <= now ? (now, 1) : (window.Start, window.Sends + 1);
    }

    /// <summary>What a guess answers.</summary>
    public VerifyOutcome Verify(Guess guess, DateTimeOffset now)
    {
        var lastUse = failures.Count == 0 ? sentAt.AddDays(1) : Later(sentAt.AddDays(1), failures[^1] + options.LockFor);
        if (current is null || lastUse <= now)
        {
            return new VerifyOutcome.None();
        }

        if (failures.Count > 0 && failures[^1] + options.LockFor <= now)
        {
            failures.Clear();
        }

        return Refuse(guess, now) ?? Compare(guess, now);
    }

    /// <summary>What a guess answers that is not compared with the code any more.</summary>
    private VerifyOutcome? Refuse(Guess guess, DateTimeOffset now)
    {
        if (failures.Count >= options.FailureBudget)
        {
            return new VerifyOutcome.Locked(failures[^1] + options.LockFor - now);
        }

        if (redeemed && guess == current)
        {
            return new VerifyOutcome.None();
        }

        if (Expires <= now)
        {
            return new VerifyOutcome.Expired();
        }

        return attempts >= rules.MaxAttempts ? new VerifyOutcome.TooManyAttempts() : null;
    }

    private VerifyOutcome Compare(Guess guess, DateTimeOffset now)
    {
        if (guess == current)
        {
            redeemed = true;
            earlier.Clear();
            failures.Clear();
            return new VerifyOutcome.Verified();
        }

        if (earlier.Exists(code => code.Code == guess && code.Expires > now))
        {
            return new VerifyOutcome.Superseded(sentAt, rules.MaxAttempts - attempts);
        }

        attempts++;
        failures.Add(now);
        return failures.Count >= options.FailureBudget
            ? new VerifyOutcome.Locked(options.LockFor)
            : new VerifyOutcome.Wrong(rules.MaxAttempts - attempts);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A code, and the browser in which it is typed or for which it was made.</summary>
internal sealed record Guess(string Code, string Browser);
