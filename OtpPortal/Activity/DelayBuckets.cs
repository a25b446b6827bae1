using System.Numerics;

namespace OtpPortal.Activity;

/// <summary>
/// Delays in buckets of growing width, eight for each doubling. Counts of buckets can be added, and give percentiles with an error of at
/// most an eighth.
/// </summary>
internal static class DelayBuckets
{
    private const int StepsBits = 3;
    private const int Steps = 1 << StepsBits;

    /// <param name="milliseconds">A negative delay (a clock was set back) counts as zero.</param>
    public static int Of(long milliseconds)
    {
        if (milliseconds < Steps)
        {
            return (int)Math.Max(milliseconds, 0);
        }

        var doubling = BitOperations.Log2((ulong)milliseconds) - StepsBits;
        return ((doubling + 1) << StepsBits) + (int)((milliseconds >> doubling) & (Steps - 1));
    }

    /// <summary>The longest delay of a bucket, which stands for all of its delays in a percentile.</summary>
    public static TimeSpan Longest(int bucket)
    {
        var doubling = (bucket >> StepsBits) - 1;
        return TimeSpan.FromMilliseconds(doubling < 0 ? bucket : ((long)((bucket & (Steps - 1)) + Steps + 1) << doubling) - 1);
    }
}
