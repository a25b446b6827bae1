using OtpPortal.Components.Controls;

namespace OtpPortal.Tests.Components;

/// <summary>The ticks of a chart's axis.</summary>
public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, "0 1")]
    [InlineData(1, "0 1")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(5, "0 2 4 6")]
    [InlineData(9, "0 5 10")]
    [InlineData(17, "0 5 10 15 20")]
    [InlineData(100, "0 50 100")]
    [InlineData(1_234_567_890, "0 500000000 1000000000 1500000000")]
    public void The_ticks_of_a_scale_are_round_and_whole_and_reach_the_largest_value(long largest, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', Scale.For(largest).Ticks));

    [Fact]
    public void A_scale_has_few_ticks_and_its_highest_bar_fills_at_least_half_of_them()
    {
        for (var largest = 1L; largest < 1L << 50; largest = (largest * 9 / 8) + 1)
        {
            var scale = Scale.For(largest);

            Assert.InRange(scale.Ticks.Count, 2, 5);
            Assert.InRange(largest, scale.Top / 2, scale.Top);
        }
    }
}
