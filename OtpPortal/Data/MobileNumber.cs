namespace OtpPortal.Data;

/// <summary>A mobile number in the form of E.164: a plus, the country code, the number; at most 15 digits.</summary>
public sealed record MobileNumber : Identifier
{
    private MobileNumber(string value)
        : base(value)
    {
    }

    /// <summary>Enough of the number for its owner to know it, and for nobody else to dial it: "+44 ••• 123".</summary>
    public string Masked => $"{Value[..3]} ••• {Value[^3..]}";

    /// <summary>A number that was normalised before it was stored.</summary>
    public static new MobileNumber FromStored(string value) => new(value);

    /// <summary>Reads what a person typed; spaces, hyphens, dots and brackets are nothing.</summary>
    /// <param name="typed">As typed; empty means that there is none.</param>
    /// <param name="error">What is wrong with it and what to do, or null.</param>
    public static MobileNumber? Parse(string? typed, out string? error)
    {
        error = null;
        if (string.IsNullOrWhiteSpace(typed))
        {
            return null;
        }

        // "(0)" is dialled within the country only (ITU-T E.123 §3): read as a digit, it would make another number.
        var text = (Nfkc.Normalise(typed) ?? "?").Replace("(0)", "", StringComparison.Ordinal);
        var number = string.Concat(
            text.Where(character => !char.IsWhiteSpace(character) && !"-.()/".Contains(character, StringComparison.Ordinal)));
        if (IsE164(number))
        {
            return new MobileNumber(number);
        }

        error = "Enter the mobile number with its country code, like +44 7700 900123, or leave it empty.";
        return null;
    }

    /// <summary>Whether a text is a number in the form of ITU-T E.164 §6: at most 15 digits, and no country code begins with 0.</summary>
    public static bool IsE164(string text) =>
        text.Length is >= 8 and <= 16 && text[0] == '+' && text[1] != '0' && text.Skip(1).All(char.IsAsciiDigit);
}
