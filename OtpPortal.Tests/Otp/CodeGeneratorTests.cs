using System.Security.Cryptography;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

public sealed class CodeGeneratorTests
{
    [Theory]
    [InlineData(6, Alphabet.Digits)]
    [InlineData(8, Alphabet.Digits)]
    [InlineData(20, Alphabet.Digits)]
    [InlineData(6, Alphabet.DigitsAndLetters)]
    [InlineData(20, Alphabet.DigitsAndLetters)]
    public void A_code_has_the_length_and_the_characters_of_its_rules(int length, Alphabet alphabet)
    {
        using var random = RandomNumberGenerator.Create();
        var generator = new CodeGenerator(random);
        var rules = new PurposeRules { CodeLength = length, Alphabet = alphabet };

        var codes = Enumerable.Range(0, 2000).Select(_ => generator.Generate(rules).Value).ToList();

        Assert.All(codes, code => Assert.Equal(length, code.Length));
        Assert.Equal(alphabet.Characters().Order(), string.Concat(codes).Distinct().Order());
    }

    [Fact]
    public void Leading_zeros_are_part_of_a_code()
    {
        using var random = new Counting();

        Assert.Equal("012345", new CodeGenerator(random).Generate(new PurposeRules()).Value);
    }

    [Theory]
    [InlineData(Alphabet.Digits, 25)]
    [InlineData(Alphabet.DigitsAndLetters, 8)]
    public void Every_character_of_a_code_is_equally_likely(Alphabet alphabet, int hits)
    {
        // All 256 values of a byte, once: what does not divide evenly must be thrown away, or the first characters would come too often.
        using var random = new Counting();
        var generator = new CodeGenerator(random);
        var characters = alphabet.Characters();
        var rules = new PurposeRules { CodeLength = characters.Length, Alphabet = alphabet };

        var drawn = string.Concat(Enumerable.Range(0, hits).Select(_ => generator.Generate(rules).Value));

        Assert.All(characters, character => Assert.Equal(hits, drawn.Count(other => other == character)));
        Assert.Equal(characters.Length * hits, random.Given);

        // The next byte is the first that cannot be used; the code begins with the one that follows the last unusable one.
        Assert.Equal(characters[0], generator.Generate(rules).Value[0]);
        Assert.Equal(256 + characters.Length, random.Given);
    }

    [Fact]
    public void No_letter_of_a_code_looks_like_a_digit() =>
        Assert.Empty(Alphabet.DigitsAndLetters.Characters().Intersect("01OIL"));

    /// <summary>Gives the bytes 0 to 255 in turn.</summary>
    private sealed class Counting : RandomNumberGenerator
    {
        public int Given { get; private set; }

        public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

        public override void GetBytes(Span<byte> data)
        {
            foreach (ref var one in data)
            {
                one = (byte)Given++;
            }
        }
    }
}
