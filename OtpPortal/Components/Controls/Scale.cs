namespace OtpPortal.Components.Controls;

/// <summary>The ticks of an axis: round numbers from zero to the first one that no value exceeds.</summary>
internal sealed record Scale(IReadOnlyList<long> Ticks)
{
    private const int MostSteps = 4;

    /// <summary>The end of the axis.</summary>
    public long Top => Ticks[^1];

    /// <summary>The scale for values up to <paramref name="largest"/>.</summary>
    public static Scale For(long largest)
    {
        var step = Step(largest);
        var steps = (int)Math.Max(1, Math.Ceiling((double)largest / step));
        return new Scale([.. Enumerable.Range(0, steps + 1).Select(i => i * step)]);
    }

    private static long Step(long largest)
    {
        for (long decade = 1; ; decade *= 10)
        {
            foreach (var factor in new[] { 1, 2, 5 })
            {
                if ((double)largest / (decade * factor) <= MostSteps)
                {
                    return decade * factor;
                }
            }
        }
    }
}
