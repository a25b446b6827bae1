namespace OtpPortal.E2E.Support;

/// <summary>
/// How long anything is waited for. Nothing is measured by it: it ends what never comes, and the slowest machine is within
/// it.
/// </summary>
public static class Timeouts
{
    /// <summary>A minute: a cold request has taken more than fifteen seconds on two cores that others were using.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The same, as Playwright wants it.</summary>
    public static float Milliseconds => (float)Time.TotalMilliseconds;
}
