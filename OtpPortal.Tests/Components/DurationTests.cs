using System.Globalization;
using OtpPortal.Components.Controls;

namespace OtpPortal.Tests.Components;

public sealed class DurationTests
{
    [Theory]
    [InlineData(-5, "1 second")]
    [InlineData(0, "1 second")]
    [InlineData(0.2, "1 second")]
    [InlineData(1, "1 second")]
    [InlineData(1.001, "2 seconds")]
    [InlineData(89, "89 seconds")]
    [InlineData(89.5, "2 minutes")]
    [InlineData(90, "2 minutes")]
    [InlineData(120, "2 minutes")]
    [InlineData(120.5, "3 minutes")]
    [InlineData(5399, "90 minutes")]
    [InlineData(5400, "2 hours")]
    [InlineData(86_400, "24 hours")]
    public void A_remaining_duration_is_rounded_up(double seconds, string words) =>
        Assert.Equal(words, Duration.Describe(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-5, "0:00")]
    [InlineData(0, "0:00")]
    [InlineData(0.2, "0:01")]
    [InlineData(65, "1:05")]
    [InlineData(120, "2:00")]
    [InlineData(3599.5, "1:00:00")]
    [InlineData(3600, "1:00:00")]
    [InlineData(86_399, "23:59:59")]
    [InlineData(90_061, "25:01:01")]
    public void A_countdown_shows_minutes_and_seconds(double seconds, string shown) =>
        Assert.Equal(shown, Duration.Clock(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_text_of_a_duration_does_not_depend_on_the_culture_of_the_server()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            Assert.Equal(("89 seconds", "1:29"), (Duration.Describe(TimeSpan.FromSeconds(89)), Duration.Clock(TimeSpan.FromSeconds(89))));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
