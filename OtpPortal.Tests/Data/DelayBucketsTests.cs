using OtpPortal.Activity;

namespace OtpPortal.Tests.Data;

public sealed class DelayBucketsTests
{
    [Fact]
    public void Every_delay_lies_in_its_bucket_and_the_buckets_follow_each_other()
    {
        var before = -1;
        for (var milliseconds = 0; milliseconds < 100_000; milliseconds++)
        {
            var bucket = DelayBuckets.Of(milliseconds);

            Assert.InRange(bucket, before, before + 1);
            Assert.InRange(milliseconds, Shortest(bucket), DelayBuckets.Longest(bucket).TotalMilliseconds);
            before = bucket;
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(86_400_000)]
    [InlineData(4_000_000_000_000)]
    public void The_longest_delay_of_a_bucket_is_at_most_an_eighth_more(long milliseconds) =>
        Assert.InRange(DelayBuckets.Longest(DelayBuckets.Of(milliseconds)).TotalMilliseconds, milliseconds, milliseconds * 1.125);

    [Fact]
    public void A_clock_that_was_set_back_makes_no_negative_delay_bucket() => Assert.Equal(0, DelayBuckets.Of(-5));

    /// <summary>A millisecond more than the longest delay of the bucket below.</summary>
    private static double Shortest(int bucket) => bucket == 0 ? 0 : DelayBuckets.Longest(bucket - 1).TotalMilliseconds + 1;
}
