namespace OtpPortal.Otp;

/// <summary>What came of a typed code.</summary>
public abstract record VerifyOutcome
{
    private VerifyOutcome()
    {
    }

    /// <summary>It is the code, and it is now used up.</summary>
    public sealed record Verified : VerifyOutcome;

    /// <summary>It cannot be a code at all, so it was not looked at and cost no attempt.</summary>
    /// <param name="Length">Characters that a code has.</param>
    /// <param name="Alphabet">What it is made of.</param>
    public sealed record Malformed(int Length, Alphabet Alphabet) : VerifyOutcome;

    /// <summary>It is not the code.</summary>
    /// <param name="AttemptsLeft">Guesses left against this code.</param>
    public sealed record Wrong(int AttemptsLeft) : VerifyOutcome;

    /// <summary>It is an earlier code; a newer one took its place. This cost no attempt.</summary>
    /// <param name="NewerSentAt">When the newer one was sent.</param>
    /// <param name="AttemptsLeft">Guesses left against the newer one.</param>
    public sealed record Superseded(DateTimeOffset NewerSentAt, int AttemptsLeft) : VerifyOutcome;

    /// <summary>The current code is no longer valid.</summary>
    public sealed record Expired : VerifyOutcome;

    /// <summary>The current code was guessed at as often as it may be; even the right one is refused now.</summary>
    public sealed record TooManyAttempts : VerifyOutcome;

    /// <summary>The failure budget is spent.</summary>
    /// <param name="Wait">Time until the lock ends.</param>
    public sealed record Locked(TimeSpan Wait) : VerifyOutcome;

    /// <summary>No code is waiting: none was sent, or this very one was redeemed.</summary>
    public sealed record None : VerifyOutcome;
}
