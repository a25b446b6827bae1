using System.Security.Cryptography;

namespace OtpPortal.Otp;

/// <summary>Makes codes from the operating system's randomness.</summary>
/// <param name="random">Where the randomness comes from; tests own it.</param>
public sealed class CodeGenerator(RandomNumberGenerator random)
{
    /// <summary>A new code: every one of the alphabet and length is equally likely, leading zeros included.</summary>
    public Code Generate(PurposeRules rules)
    {
        var characters = rules.Alphabet.Characters();
        return new Code(string.Create(rules.CodeLength, characters, (code, alphabet) =>
        {
            for (var i = 0; i < code.Length; i++)
            {
                code[i] = alphabet[Next(alphabet.Length)];
            }
        }));
    }

    // Bytes above the largest multiple of the alphabet's length are thrown away: taking them modulo it would favour its first characters.
    private int Next(int below)
    {
        var usable = 256 / below * below;
        Span<byte> one = stackalloc byte[1];
        do
        {
            random.GetBytes(one);
        }
        while (one[0] >= usable);

        return one[0] % below;
    }
}
