using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

/// <summary>What people type, paste and dictate.</summary>
public sealed class CodeTests
{
    private static readonly PurposeRules Digits = new();

    private static readonly PurposeRules Letters = new() { CodeLength = 8, Alphabet = Alphabet.DigitsAndLetters };

    [Theory]
    [InlineData("123456")]
    [InlineData(" 123456\r\n")]
    [InlineData("123 456")]
    [InlineData("123-456")]
    [InlineData("123\u2013456")]
    [InlineData("1 2 3 4 5 6")]
    [InlineData("123\u00a0456")]
    [InlineData("123\u2009456")]
    [InlineData("\u200e123456\u200b")]
    [InlineData("\uff11\uff12\uff13\uff14\uff15\uff16")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("۱۲۳۴۵۶")]
    [InlineData("१२३४५६")]
    [InlineData("𝟏𝟐𝟑𝟒𝟓𝟔")]
    public void The_digits_of_a_code_are_read_however_they_are_written(string typed)
    {
        Assert.True(Code.TryParse(typed, Digits, out var code));
        Assert.Equal("123456", code.Value);
    }

    [Theory]
    [InlineData("2345ABCD")]
    [InlineData("2345abcd")]
    [InlineData("2345-abcd")]
    [InlineData("\uff12345\uff41bcd")]
    public void Small_letters_of_a_code_are_read_as_capitals(string typed)
    {
        Assert.True(Code.TryParse(typed, Letters, out var code));
        Assert.Equal("2345ABCD", code.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("12345\u00b2\u00b3")]
    [InlineData("12345½")]
    [InlineData("12345.")]
    [InlineData("+123456")]
    [InlineData("12345\0")]
    [InlineData("123456\0")]
    [InlineData("一二三四五六")]
    [InlineData("' OR 1=1 --")]
    public void Text_that_cannot_be_a_code_is_refused(string? typed)
    {
        Assert.False(Code.TryParse(typed, Digits, out var code));
        Assert.Null(code);
    }

    [Theory]
    [InlineData("0345ABCD")]
    [InlineData("2345ABCO")]
    [InlineData("2345ABCÄ")]
    [InlineData("2345ABC")]
    public void Letters_that_no_code_has_are_refused(string typed) => Assert.False(Code.TryParse(typed, Letters, out _));

    [Fact]
    public void A_code_with_half_a_surrogate_pair_is_refused()
    {
        // Not rows above: an attribute cannot hold them.
        Assert.False(Code.TryParse("12345\ud800", Digits, out _));
        Assert.False(Code.TryParse("\udc00123456", Digits, out _));
    }

    [Fact]
    public void A_very_long_code_is_refused_before_it_is_read()
    {
        Assert.True(Code.TryParse("123456" + new string(' ', 194), Digits, out _));
        Assert.False(Code.TryParse("123456" + new string(' ', 195), Digits, out _));
        Assert.False(Code.TryParse(new string('1', 10_000_000), Digits, out _));
    }

    [Fact]
    public void A_code_never_prints_as_itself()
    {
        Assert.True(Code.TryParse("123456", Digits, out var code));

        Assert.Equal("******", code.ToString());
        Assert.Equal("code ******", $"code {code}");
    }
}
