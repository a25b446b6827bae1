namespace OtpPortal.Hosting;

internal static class DurationExtensions
{
    /// <summary>
    /// The duration in whole seconds, rounded up: a client that waits this long is not too early. This is the form of <c>Retry-After</c>
    /// and of every duration in the API.
    /// </summary>
    public static int CeilingSeconds(this TimeSpan duration) => (int)Math.Ceiling(duration.TotalSeconds);
}
