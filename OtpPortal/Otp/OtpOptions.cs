using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>The rules for codes: the section <c>Otp</c> of the configuration.</summary>
public sealed class OtpOptions
{
    public const string Section = "Otp";

    /// <summary>Where codes live. Default <see cref="CodeStore.Database"/>.</summary>
    public CodeStore Store { get; init; }

    /// <summary>Codes that verify a new account's address.</summary>
    public PurposeRules Register { get; init; } = new();

    /// <summary>Codes that sign in.</summary>
    public PurposeRules Login { get; init; } = new();

    /// <summary>Codes that lead to a new password.</summary>
    public PurposeRules ForgotPassword { get; init; } = new() { Expiry = TimeSpan.FromMinutes(10) };

    /// <summary>
    /// Wrong guesses in a row, across codes, after which the address and purpose are locked. Default 100, the most that NIST SP
    /// 800-63B-4 §3.2.2 allows.
    /// </summary>
    public int FailureBudget { get; init; } = 100;

    /// <summary>How long a lock lasts. As long a time without a wrong guess clears the budget too. Default 24 h.</summary>
    public TimeSpan LockFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The server key of the codes' HMAC, base64, at least 32 bytes. Default: a key file beside the database, made at first
    /// start.
    /// </summary>
    public string? HashKey { get; init; }

    /// <summary>Pause between two passes of the purge. Default 5 min.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a stranger may learn that an address has no account. Default false; true only for closed networks.</summary>
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

/// <summary>Where codes live.</summary>
public enum CodeStore
{
    /// <summary>In the portal's database.</summary>
    Database,
}

/// <summary>The rules for the codes of one purpose.</summary>
public sealed class PurposeRules
{
    /// <summary>Characters in a code. Default 6, the least that NIST SP 800-63B-4 §3.1.3.2 allows.</summary>
    public int CodeLength { get; init; } = 6;

    /// <summary>What it is made of. Default digits.</summary>
    public Alphabet Alphabet { get; init; } = Alphabet.Digits;

    /// <summary>
    /// How long a code is valid. Default 5 min (10 for a forgotten password), never over 10: NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0
    /// 6.5.5.
    /// </summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time that must pass between two sends. Default 2 min.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wrong guesses that end a code. Default 5, and never more.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Sends in an hour, counted from its first. Default 6.</summary>
    public int SendsPerHour { get; init; } = 6;

    /// <summary>Sends in a day, counted from its first. Default 20.</summary>
    public int SendsPerDay { get; init; } = 20;
}
