using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>A search for people, normalised for comparison.</summary>
internal sealed class PeopleQuery
{
    /// <summary>A search for fewer digits would match most numbers.</summary>
    private const int FewestDigits = 3;

    private readonly string text;
    private readonly string? digits;

    private PeopleQuery(string text)
    {
        this.text = text;
        digits = DigitsOf(text);
        Email = EmailAddress.Parse(text, out _);
        Mobile = MobileNumber.Parse(text, out _);
    }

    /// <summary>The whole address, if it is one.</summary>
    public EmailAddress? Email { get; }

    /// <summary>The whole mobile number, if it is one.</summary>
    public MobileNumber? Mobile { get; }

    /// <summary>Null if nothing was typed.</summary>
    public static PeopleQuery? Of(string? typed) =>
        Nfkc.Normalise(typed ?? "")?.Trim() is { Length: > 0 } text ? new PeopleQuery(text.ToLowerInvariant()) : null;

    /// <summary>Whether the text of an account matches. Its last line is the mobile number.</summary>
    public bool IsIn(string account)
    {
        var normalised = Ascii.IsValid(account) ? account : Nfkc.Normalise(account) ?? account;
        return normalised.Contains(text, StringComparison.OrdinalIgnoreCase)
            || (digits is not null && normalised.AsSpan(normalised.LastIndexOf('\n') + 1).Contains(digits, StringComparison.Ordinal));
    }

    /// <summary>
    /// The digits of a number as they appear within E.164: without separators, and without the leading 0 of national numbers.
    /// </summary>
    private static string? DigitsOf(string text)
    {
        if (text.Any(character => !char.IsAsciiDigit(character) && !char.IsWhiteSpace(character)
            && !"+-.()/".Contains(character, StringComparison.Ordinal)))
        {
            return null;
        }

        var number = string.Concat(text.Where(char.IsAsciiDigit));
        number = text[0] == '+' ? number : number.TrimStart('0');
        return number.Length >= FewestDigits ? number : null;
    }
}
