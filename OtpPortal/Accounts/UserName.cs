namespace OtpPortal.Accounts;

/// <summary>
/// A name that a person chose for others to see. It contains no @, so it cannot be mistaken for an address. If a person chose none, the
/// address is used.
/// </summary>
internal static class UserName
{
    private const int MinLength = 3;
    private const int MaxLength = 30;

    /// <param name="typed">Empty for no name.</param>
    public static string? Parse(string? typed, out string? error)
    {
        var name = typed?.Trim();
        error = string.IsNullOrEmpty(name)
            || (name.Length is >= MinLength and <= MaxLength
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_'))
                ? null
                : $"Use {MinLength} to {MaxLength} letters a to z, digits, dots, hyphens or underscores. Choose another, or leave it "
                    + "empty.";
        return string.IsNullOrEmpty(name) || error is not null ? null : name;
    }

    /// <summary>The form in which names are compared.</summary>
    public static string Normalise(string name) => name.ToLowerInvariant();
}
