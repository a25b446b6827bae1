using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>What an administrator looks for, in the form in which it is compared.</summary>
internal sealed class PeopleQuery
{
    /// <summary>Fewer digits are no part of a number that anybody would look for.</summary>
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

    /// <summary>Reads what was typed; null if that is nothing.</summary>
    public static PeopleQuery? Of(string? typed) =>
        Nfkc.Normalise(typed ?? "")?.Trim() is { Length: > 0 } text ? new PeopleQuery(text.ToLowerInvariant()) : null;

    /// <summary>Whether it is in the text of an account, whose last line is the mobile number.</summary>
    public bool IsIn(string account)
    {
        var normalised = Ascii.IsValid(account) ? account : Nfkc.Normalise(account) ?? account;
        return normalised.Contains(text, StringComparison.OrdinalIgnoreCase)
            || (digits is not null && normalised.AsSpan(normalised.LastIndexOf('\n') + 1).Contains(digits, StringComparison.Ordinal));
    }

    /// <summary>
    /// A number as people write it, as it stands in the middle of E.164: without what groups it, and without the 0 that stands for
    /// the country.
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
