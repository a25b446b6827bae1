using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>The rules for codes: the section <c>Otp</c> of the configuration.</summary>
public sealed class OtpOptions
{
    public const string Section = "Otp";

    public CodeStore Store { get; init; }

    /// <summary>Codes that verify the address of a new account.</summary>
    public PurposeRules Register { get; init; } = new();

    /// <summary>Codes that sign people in.</summary>
    public PurposeRules Login { get; init; } = new();

    /// <summary>Codes that allow setting a new password.</summary>
    public PurposeRules ForgotPassword { get; init; } = new() { Expiry = TimeSpan.FromMinutes(10) };

    /// <summary>
    /// The number of wrong guesses in a row, across codes, after which the address and purpose are locked. NIST SP 800-63B-4 §3.2.2 allows
    /// at most 100.
    /// </summary>
    [AllowedRange(1, 100)]
    public int FailureBudget { get; init; } = 100;

    /// <summary>How long a lock lasts. The same time without a wrong guess resets the budget.</summary>
    [AllowedRange("00:01:00", "30.00:00:00")]
    public TimeSpan LockFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The server key for the HMAC of codes: base64 of at least 32 bytes. Without it, the first start creates a key file beside the
    /// database.
    /// </summary>
    public string? HashKey { get; init; }

    /// <summary>The pause between two passes of the purge.</summary>
    [AllowedRange("00:00:01", "1.00:00:00")]
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a stranger may learn that an address has no account. This is for closed networks only.</summary>
    public bool RevealUnknownAccounts { get; init; }

    public PurposeRules For(Purpose purpose) => purpose switch
    {
        Purpose.Register => Register,
        Purpose.Login => Login,
        Purpose.ForgotPassword => ForgotPassword,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}

/// <summary>Where codes are stored.</summary>
public enum CodeStore
{
    Database,
}

/// <summary>The rules for the codes of one purpose.</summary>
public sealed class PurposeRules
{
    /// <summary>The number of characters in a code. NIST SP 800-63B-4 §3.1.3.2 requires at least 6.</summary>
    [AllowedRange(6, 20)]
    public int CodeLength { get; init; } = 6;

    public Alphabet Alphabet { get; init; } = Alphabet.Digits;

    /// <summary>How long a code is valid. NIST SP 800-63B-4 §3.1.3.2 and ASVS 5.0 6.5.5 allow at most ten minutes.</summary>
    [AllowedRange("00:00:01", "00:10:00")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The minimum time between two sends.</summary>
    [AllowedRange("00:00:00", "01:00:00")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The number of wrong guesses after which a code is no longer valid.</summary>
    [AllowedRange(1, 5)]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The maximum number of sends in an hour, which begins with its first send.</summary>
    [AllowedRange(1, 1000)]
    public int SendsPerHour { get; init; } = 6;

    /// <summary>The maximum number of sends in a day, which begins with its first send.</summary>
    [AllowedRange(1, 10000)]
    public int SendsPerDay { get; init; } = 20;
}
