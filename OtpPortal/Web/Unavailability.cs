using System.Globalization;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>
/// Decides which failures mean that the portal is away for a while: the database cannot be used, or there is more to do than can be done
/// in time. They are answered with 503 and <c>Retry-After</c>, by the API and by the pages, and never with 500.
/// </summary>
public sealed class Unavailability(ILogger<Unavailability> log, TimeProvider clock)
{
    /// <summary>
    /// The log hears of it once in this time: it must not be filled by those whom the portal refuses because it has too much to do.
    /// </summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long? loggedAt;
    private long unlogged;

    /// <summary>The failure as one of an unavailable service, or null if it is another.</summary>
    public static ServiceUnavailableException? Of(Exception failure) => DatabaseErrors.Unavailable(failure);

    /// <summary>Sets the status and the header of an answer.</summary>
    public static void SetStatus(HttpResponse response, ServiceUnavailableException unavailable)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = unavailable.RetryAfter.CeilingSeconds().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Tells the log.</summary>
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
