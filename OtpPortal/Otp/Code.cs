using System.Globalization;
using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A code in plain text. It is formatted as <c>******</c>, so that no log or error page can contain it by mistake.</summary>
public sealed class Code
{
    internal Code(string value) => Value = value;

    /// <summary>The code itself, for the message and the hash only.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads a code that a person typed or pasted. Spaces and hyphens are ignored, full-width digits and digits of other scripts are
    /// converted, and so are small letters.
    /// </summary>
    /// <returns>False if the text cannot be a code under these rules. It is then not a guess and costs no attempt.</returns>
    public static bool TryParse(string? typed, PurposeRules rules, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Code? code)
    {
        code = null;
        // No code is longer than this, with any separators.
        if (typed is null || typed.Length > 200 || Nfkc.Normalise(typed) is not { } normalised)
        {
            return false;
        }

        var value = new StringBuilder();
        foreach (var character in normalised)
        {
            var category = char.GetUnicodeCategory(character);
            if (char.IsWhiteSpace(character) || category is UnicodeCategory.DashPunctuation or UnicodeCategory.Format)
            {
                continue;
            }

            value.Append(category == UnicodeCategory.DecimalDigitNumber
                ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(character))
                : char.ToUpperInvariant(character));
        }

        var characters = rules.Alphabet.Characters();
        if (value.Length == rules.CodeLength && value.ToString().All(characters.Contains))
        {
            code = new Code(value.ToString());
        }

        return code is not null;
    }

    public override string ToString() => "******";
}
