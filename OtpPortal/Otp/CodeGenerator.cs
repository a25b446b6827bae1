using System.Security.Cryptography;

namespace OtpPortal.Otp;

/// <summary>Generates codes from the random numbers of the operating system.</summary>
/// <param name="random">The source of randomness, which tests replace.</param>
public sealed class CodeGenerator(RandomNumberGenerator random)
{
    /// <summary>Generates a code. All codes of the alphabet and length are equally likely, including those with leading zeros.</summary>
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

    // Bytes above the largest multiple of the alphabet's length are discarded, because a plain modulo would favour the first characters.
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
