using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>The rules for codes: the section <c>Otp</c> of the configuration.</summary>
public sealed class OtpOptions
{
    public const string Section = "Otp";

    /// <summary>Where codes are stored.</summary>
    public CodeStore Store { get; init; }

    /// <summary>Codes that verify a new account's address.</summary>
    public PurposeRules Register { get; init; } = new();

    /// <summary>Codes that sign in.</summary>
    public PurposeRules Login { get; init; } = new();

    /// <summary>Codes that lead to a new password.</summary>
    public PurposeRules ForgotPassword { get; init; } = new() { Expiry = TimeSpan.FromMinutes(10) };

    /// <summary>
    /// Wrong guesses in a row, across codes, after which the address and purpose are locked. NIST SP 800-63B-4 §3.2.2 allows 100 at most.
    /// </summary>
    [AllowedRange(1, 100)]
    public int FailureBudget { get; init; } = 100;

    /// <summary>How long a lock lasts. The same time without a wrong guess resets the budget.</summary>
    [AllowedRange("00:01:00", "30.00:00:00")]
    public TimeSpan LockFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The server key of the codes' HMAC: base64 of at least 32 bytes. Without it, the first start creates a key file beside the
    /// database.
    /// </summary>
    public string? HashKey { get; init; }

    /// <summary>Pause between two passes of the purge.</summary>
    [AllowedRange("00:00:01", "1.00:00:00")]
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a stranger may learn that an address has no account. Only for closed networks.</summary>
    public bool RevealUnknownAccounts { get; init; }

    /// <summary>The rules of one purpose.</summary>
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
    /// <summary>In the portal's database.</summary>
    Database,
}

/// <summary>The rules for the codes of one purpose.</summary>
public sealed class PurposeRules
{
    /// <summary>Characters in a code. NIST SP 800-63B-4 §3.1.3.2 allows 6 at least.</summary>
    [AllowedRange(6, 20)]
    public int CodeLength { get; init; } = 6;

    /// <summary>The characters of a code.</summary>
    public Alphabet Alphabet { get; init; } = Alphabet.Digits;

    /// <summary>How long a code is valid. NIST SP 800-63B-4 §3.1.3.2 and ASVS 5.0 6.5.5 allow ten minutes at most.</summary>
    [AllowedRange("00:00:01", "00:10:00")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time that must pass between two sends.</summary>
    [AllowedRange("00:00:00", "01:00:00")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wrong guesses that end a code.</summary>
    [AllowedRange(1, 5)]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Sends in an hour, which begins with its first send.</summary>
    [AllowedRange(1, 1000)]
    public int SendsPerHour { get; init; } = 6;

    /// <summary>Sends in a day, which begins with its first send.</summary>
    [AllowedRange(1, 10000)]
    public int SendsPerDay { get; init; } = 20;
}
