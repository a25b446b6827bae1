namespace OtpPortal.Otp;

/// <summary>What a code is made of.</summary>
public enum Alphabet
{
    /// <summary>0 to 9.</summary>
    Digits,

    /// <summary>Digits and capital letters, without those that are mistaken for one another (0 O, 1 I L).</summary>
    DigitsAndLetters,
}

/// <summary>The characters of an alphabet.</summary>
public static class AlphabetCharacters
{
    /// <summary>Every character, once.</summary>
    public static string Characters(this Alphabet alphabet) => alphabet switch
    {
        Alphabet.Digits => "0123456789",
        Alphabet.DigitsAndLetters => "23456789ABCDEFGHJKMNPQRSTUVWXYZ",
        _ => throw new ArgumentOutOfRangeException(nameof(alphabet)),
    };
}
