using OtpPortal.Data;

namespace OtpPortal.Tests.Data;

public sealed class MobileNumberTests
{
    [Theory]
    [InlineData("+447700900123", "+447700900123")]
    [InlineData("+44 7700 900123", "+447700900123")]
    [InlineData(" +1 (212) 555-0123 ", "+12125550123")]
    [InlineData("+49.151/1234567", "+491511234567")]
    [InlineData("+44 (0)7700 900123", "+447700900123")]
    [InlineData("+44(0)7700900123", "+447700900123")]
    [InlineData("+44 \uff080\uff09 7700 900123", "+447700900123")]
    [InlineData("\uff0b\uff14\uff147700900123", "+447700900123")]
    [InlineData("+1234567", "+1234567")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void A_mobile_number_is_stored_in_E164(string typed, string stored)
    {
        Assert.Equal(stored, MobileNumber.Parse(typed, out var error)?.Value);
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_mobile_number_is_no_number_and_no_error(string? typed)
    {
        Assert.Null(MobileNumber.Parse(typed, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("07700 900123")]
    [InlineData("447700900123")]
    [InlineData("0044 7700 900123")]
    [InlineData("+0 7700 900123")]
    [InlineData("+123456")]
    [InlineData("+1234567890123456")]
    [InlineData("+44 7700 90012x")]
    [InlineData("(0)7700 900123")]
    [InlineData("(0)44 7700 900123")]
    [InlineData("+44\0 7700900123")]
    [InlineData("+44 7700 900123 +44 7700 900123")]
    [InlineData("+٤٤٧٧٠٠٩٠٠١٢٣")]
    [InlineData("-")]
    [InlineData("+")]
    public void Text_that_is_no_mobile_number_is_refused_with_an_example(string typed)
    {
        Assert.Null(MobileNumber.Parse(typed, out var error));
        Assert.Contains("+44 7700 900123", error, StringComparison.Ordinal);
    }
}
