using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>Which numbers belong to the countries that codes are sent to.</summary>
public sealed class CallingCodesTests
{
    [Theory]
    [InlineData("+447700900123", "GB", true)]
    [InlineData("+447700900123", "gb", true)]
    [InlineData("+447700900123", "+44", true)]
    [InlineData("+447700900123", "+4477", true)]
    [InlineData("+447700900123", "+4478", false)]
    [InlineData("+447700900123", "IE", false)]
    [InlineData("+447700900123", "", false)]
    [InlineData("+12125550123", "US", true)]
    [InlineData("+12125550123", "CA", true)]
    [InlineData("+12425550123", "BS", true)]
    [InlineData("+12425550123", "US", false)]
    [InlineData("+12425550123", "+1", true)]
    [InlineData("+18765550123", "US", false)]
    [InlineData("+3581234567", "FI", true)]
    [InlineData("+351912345678", "PT", true)]
    [InlineData("+77011234567", "KZ", true)]
    [InlineData("+77011234567", "RU", false)]
    [InlineData("+79011234567", "RU", true)]
    [InlineData("+88213300655206", "GB,US,DE", false)]
    [InlineData("+979123456789", "GB,US,DE", false)]
    public void A_number_belongs_to_the_country_with_the_longest_code_that_it_begins_with(string number, string allowed, bool isWithin) =>
        Assert.Equal(isWithin, CallingCodes.IsWithin(number, allowed.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("GB", true)]
    [InlineData("de", true)]
    [InlineData("UK", false)]
    [InlineData("EU", false)]
    [InlineData("", false)]
    [InlineData("+44", false)]
    public void A_country_is_known_by_its_ISO_code(string code, bool isKnown) => Assert.Equal(isKnown, CallingCodes.IsCountry(code));

    [Theory]
    [InlineData("+1", true)]
    [InlineData("+44", true)]
    [InlineData("+1242", true)]
    [InlineData("+4477009", true)]
    [InlineData("+44770090", false)]
    [InlineData("+0", false)]
    [InlineData("+", false)]
    [InlineData("44", false)]
    [InlineData("+4a", false)]
    public void A_calling_code_is_a_plus_and_the_beginning_of_a_number(string code, bool isOne) =>
        Assert.Equal(isOne, CallingCodes.IsCallingCode(code));
}
