namespace OtpPortal.Otp;

/// <summary>The characters that a code consists of.</summary>
public enum Alphabet
{
    /// <summary>The digits 0 to 9.</summary>
    Digits,

    /// <summary>Digits and capital letters, without those that are easily confused (0 O, 1 I L).</summary>
    DigitsAndLetters,
}

internal static class AlphabetCharacters
{
    /// <summary>All characters of the alphabet, each of them once.</summary>
    public static string Characters(this Alphabet alphabet) => alphabet switch
    {
        Alphabet.Digits => "0123456789",
        Alphabet.DigitsAndLetters => "23456789ABCDEFGHJKMNPQRSTUVWXYZ",
        _ => throw new ArgumentOutOfRangeException(nameof(alphabet)),
    };
}
