using System.Globalization;
using OtpPortal.Components.Controls;

namespace OtpPortal.Tests.Components;

/// <summary>Figures as people read them. What keeps a unit with its number is a narrow space that does not break.</summary>
public sealed class ReadableTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1_000")]
    [InlineData(1_234_567_890, "1_234_567_890")]
    public void A_count_is_written_with_grouped_digits(long count, string shown) => Assert.Equal(Narrow(shown), DisplayFormat.Count(count));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1_k")]
    [InlineData(1500, "1.5_k")]
    [InlineData(999_999, "999.9_k")]
    [InlineData(1_000_000, "1_M")]
    [InlineData(2_500_000_000, "2.5_G")]
    [InlineData(7_000_000_000_000, "7_T")]
    public void A_short_count_is_never_rounded_up(long count, string shown) =>
        Assert.Equal(Narrow(shown), DisplayFormat.Rough(count));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0_%")]
    [InlineData(98.7, "98.7_%")]
    [InlineData(100.0, "100_%")]
    [InlineData(123_400.0, "123_400_%")]
    public void A_share_is_written_in_per_cent_and_a_missing_one_as_a_dash(double? percent, string shown) =>
        Assert.Equal(Narrow(shown), DisplayFormat.Percent(percent));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0_ms")]
    [InlineData(999.4, "999_ms")]
    [InlineData(999.6, "1.0_s")]
    [InlineData(9949.0, "9.9_s")]
    [InlineData(9950.0, "10_s")]
    [InlineData(59_400.0, "59_s")]
    [InlineData(59_600.0, "1_min 0_s")]
    [InlineData(80_000.0, "1_min 20_s")]
    [InlineData(3_599_700.0, "1_h 0_min")]
    [InlineData(7_500_000.0, "2_h 5_min")]
    public void A_time_is_written_in_the_units_that_suit_it(double? milliseconds, string shown) =>
        Assert.Equal(Narrow(shown), DisplayFormat.Time(milliseconds));

    [Fact]
    public void Readable_numbers_do_not_depend_on_the_culture_of_the_server()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(Narrow("1_234 1.2_k 98.7_% 4.2_s"),
                $"{DisplayFormat.Count(1234)} {DisplayFormat.Rough(1234)} {DisplayFormat.Percent(98.7)} {DisplayFormat.Time(4200)}");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Narrow(string shown) => shown.Replace('_', '\u202f');
}
