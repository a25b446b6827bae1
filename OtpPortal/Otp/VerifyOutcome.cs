namespace OtpPortal.Otp;

/// <summary>The outcome of a typed code.</summary>
public abstract record VerifyOutcome
{
    private VerifyOutcome()
    {
    }

    /// <summary>The code was correct, and is redeemed.</summary>
    public sealed record Verified : VerifyOutcome;

    /// <summary>The text cannot be a code, so it was not compared and cost no attempt.</summary>
    /// <param name="Length">The number of characters that a code has.</param>
    /// <param name="Alphabet">The characters that a code consists of.</param>
    public sealed record Malformed(int Length, Alphabet Alphabet) : VerifyOutcome;

    /// <summary>The code was wrong.</summary>
    /// <param name="AttemptsLeft">The number of guesses left for the current code.</param>
    public sealed record Wrong(int AttemptsLeft) : VerifyOutcome;

    /// <summary>The code is an earlier one, which a newer one replaced. It cost no attempt.</summary>
    /// <param name="NewerSentAt">When the newer code was sent.</param>
    /// <param name="AttemptsLeft">The number of guesses left for the newer code.</param>
    public sealed record Superseded(DateTimeOffset NewerSentAt, int AttemptsLeft) : VerifyOutcome;

    /// <summary>The current code has expired.</summary>
    public sealed record Expired : VerifyOutcome;

    /// <summary>The current code had too many wrong guesses. Even the correct code is refused now.</summary>
    public sealed record TooManyAttempts : VerifyOutcome;

    /// <summary>The failure budget is spent.</summary>
    /// <param name="Wait">The time until the lock ends.</param>
    public sealed record Locked(TimeSpan Wait) : VerifyOutcome;

    /// <summary>There is no code to redeem: none was sent, or the entered one was redeemed before.</summary>
    public sealed record None : VerifyOutcome;
}
