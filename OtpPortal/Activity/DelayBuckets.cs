using System.Numerics;

namespace OtpPortal.Activity;

/// <summary>
/// Times sorted into buckets that grow with them, eight to each doubling, so that counts of buckets can be added up and still give
/// percentiles: each is right within an eighth.
/// </summary>
public static class DelayBuckets
{
    private const int StepsBits = 3;
    private const int Steps = 1 << StepsBits;

    /// <summary>The bucket of a time.</summary>
    /// <param name="milliseconds">Negative ones (a clock was set back) count as none.</param>
    public static int Of(long milliseconds)
    {
        if (milliseconds < Steps)
        {
            return (int)Math.Max(milliseconds, 0);
        }

        var doubling = BitOperations.Log2((ulong)milliseconds) - StepsBits;
        return ((doubling + 1) << StepsBits) + (int)((milliseconds >> doubling) & (Steps - 1));
    }

    /// <summary>The longest time in a bucket: what a percentile in it is told as.</summary>
    public static TimeSpan Longest(int bucket)
    {
        var doubling = (bucket >> StepsBits) - 1;
        return TimeSpan.FromMilliseconds(doubling < 0 ? bucket : ((long)((bucket & (Steps - 1)) + Steps + 1) << doubling) - 1);
    }
}
