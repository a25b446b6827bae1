using System.Collections.Frozen;
using System.Globalization;

namespace OtpPortal.Accounts;

/// <summary>
/// The rules for new passwords: a minimum length and a list of common passwords. There are no composition rules (NIST SP 800-63B-4
/// §3.1.1.2).
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 8;

    public const int MaxLength = 128;

    // The list has the ten thousand most common leaked passwords of at least eight characters (docs/licences.md).
    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <summary>The error in a password, or null.</summary>
    /// <param name="email">The account's address, which must not be its password.</param>
    public static string? Check(string? password, string? email)
    {
        if (string.IsNullOrEmpty(password))
        {
            return "Enter a password.";
        }

        // The length counts characters as people see them: an accent or an emoji is one.
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

    /// <summary>The error in the repeated password, or null. An empty one is not compared.</summary>
    public static string? CheckConfirmation(string? password, string? confirmation) =>
        string.IsNullOrEmpty(confirmation) || confirmation == password
            ? null
            : "The passwords do not match. Enter the same password twice.";

    private static bool IsPartOf(string email, string password) =>
        email.Equals(password, StringComparison.OrdinalIgnoreCase)
        || email[..email.LastIndexOf('@')].Equals(password, StringComparison.OrdinalIgnoreCase);

    // A password is refused only if the whole of it is on the list. A longer password may contain a common one.
    private static bool IsCommon(string password) =>
        password.Distinct().Count() < 3 || Common.Value.Contains(password.ToLowerInvariant());

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }
}
