using System.Globalization;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>
/// Decides which failures mean that the portal is temporarily unavailable: the database cannot be used, or the portal is overloaded. API
/// and pages respond to them with 503 and <c>Retry-After</c>, and never with 500.
/// </summary>
internal sealed class Unavailability(ILogger<Unavailability> log, TimeProvider clock)
{
    /// <summary>The log gets one line in this time, so that an overload does not fill it.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long? loggedAt;
    private long unlogged;

    /// <summary>The failure as <see cref="ServiceUnavailableException"/>; null if it does not mean that.</summary>
    public static ServiceUnavailableException? Of(Exception failure) => DatabaseErrors.Unavailable(failure);

    public static void SetStatus(HttpResponse response, ServiceUnavailableException unavailable)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = unavailable.RetryAfter.CeilingSeconds().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Logs the failure.</summary>
    public void Record(HttpContext context, ServiceUnavailableException unavailable)
    {
        long others;
        lock (gate)
        {
            if (loggedAt is { } last && clock.GetElapsedTime(last) < LogInterval)
            {
                unlogged++;
                return;
            }

            loggedAt = clock.GetTimestamp();
            (others, unlogged) = (unlogged, 0);
        }

        log.LogWarning(
            "{Path} was answered with 503, and {Others} requests since the last such line: {Reason}", context.Request.Path, others,
                unavailable.Message);
    }
}
