using System.Globalization;
using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>A code in the clear. It prints as <c>******</c>, so that no log and no error page can show it by mistake.</summary>
public sealed class Code
{
    internal Code(string value) => Value = value;

    /// <summary>The code itself: for the message and for the hash, and for nothing else.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads what a person typed or pasted: spaces and hyphens are nothing, full-width and other scripts' digits are digits,
    /// small letters are capitals.
    /// </summary>
    /// <returns>False if that is no code of these rules, which is no guess and costs no attempt.</returns>
    public static bool TryParse(string? typed, PurposeRules rules, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Code? code)
    {
        code = null;
        // Far more than any code with any separators has.
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

    /// <inheritdoc/>
    public override string ToString() => "******";
}
