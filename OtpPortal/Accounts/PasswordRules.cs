using System.Collections.Frozen;
using System.Globalization;

namespace OtpPortal.Accounts;

/// <summary>
/// What a new password must be: long enough and not one that everybody tries first. No rules of composition
/// (NIST SP 800-63B-4 §3.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;

    public const int MaxLength = 128;

    // The ten thousand commonest of at least eight characters in published leaks (docs/licences.md).
    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <summary>What is wrong with a password and what to do about it, or null.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="email">The account's address, which is a bad password for it.</param>
    public static string? Check(string? password, string? email)
    {
        if (string.IsNullOrEmpty(password))
        {
            return "Enter a password.";
        }

        // Characters as people count them: an accent or an emoji is one.
        var length = new StringInfo(password).LengthInTextElements;
        if (length < MinLength)
        {
            return $"This password is too short: it has {length} of at least {MinLength} characters. A few words work well.";
        }

        if (password.Length > MaxLength)
        {
            return $"This password is too long. Use at most {MaxLength} characters.";
        }

        if (email is not null && IsPartOf(email, password))
        {
            return "Your password cannot be your address. Choose another.";
        }

        return IsCommon(password) ? "This password is too common. Choose another; a few words work well." : null;
    }

    /// <summary>What is wrong with the password's repetition, which counts only where something was typed; null if nothing is.</summary>
    public static string? CheckConfirmation(string? password, string? confirmation) =>
        string.IsNullOrEmpty(confirmation) || confirmation == password
            ? null
            : "The passwords do not match. Enter the same password twice.";

    private static bool IsPartOf(string email, string password) =>
        email.Equals(password, StringComparison.OrdinalIgnoreCase)
        || email[..email.LastIndexOf('@')].Equals(password, StringComparison.OrdinalIgnoreCase);

    // Only a password that is on the list as a whole: a word of it within a longer one is fine.
    private static bool IsCommon(string password) =>
        password.Distinct().Count() < 3 || Common.Value.Contains(password.ToLowerInvariant());

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }
}
