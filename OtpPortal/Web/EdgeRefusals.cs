using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Web;

/// <summary>The reason why the HTTP edge refused a request.</summary>
internal enum EdgeRefusal
{
    /// <summary>The client's limit is reached.</summary>
    ClientLimit,

    /// <summary>A form came without its antiforgery token.</summary>
    FormToken,

    /// <summary>A page of another site sent the request.</summary>
    Origin,

    /// <summary>The client of the API is not signed in, or lacks the right.</summary>
    NotAllowed,
}

/// <summary>
/// Reports refusals of the HTTP edge to the administrator. The metric counts all of them. The activity log gets one a minute for each
/// client and reason, so that a refused client cannot fill the disk.
/// </summary>
internal sealed class EdgeRefusals(WriteLane lane, ActivityMetrics metrics, TimeProvider clock, ILogger<EdgeRefusals> log)
{
    /// <summary>
    /// The maximum number of events in a minute, and of remembered clients. Refusals of more clients are only in the metric.
    /// </summary>
    internal const int MaxRemembered = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Client, EdgeRefusal Reason), DateTimeOffset> recorded = [];
    private DateTimeOffset lookAgain;

    /// <summary>
    /// Counts a refusal, and records it if there was none in the last minute. The request neither waits for that nor fails with it.
    /// </summary>
    public void Count(HttpContext context, EdgeRefusal reason)
    {
        metrics.CountEdgeRefusal(Tag(reason));
        var now = clock.GetUtcNow();
        var key = (ClientLimits.ClientOf(context.Connection.RemoteIpAddress), reason);
        if (IsDue(key, now))
        {
            _ = WriteAsync(key, now);
        }
    }

    /// <summary>The reason as text for the activity log.</summary>
    internal static string Describe(EdgeRefusal reason) => Tag(reason).Replace('_', ' ');

    private static string Tag(EdgeRefusal reason) => reason switch
    {
        EdgeRefusal.ClientLimit => "client_limit",
        EdgeRefusal.FormToken => "form_token",
        EdgeRefusal.Origin => "origin",
        _ => "not_allowed",
    };

    private bool IsDue((string Client, EdgeRefusal Reason) key, DateTimeOffset now)
    {
        lock (gate)
        {
            if (recorded.TryGetValue(key, out var last) && IsRecent(last, now))
            {
                return false;
            }

            if (recorded.Count >= MaxRemembered && !Forget(now))
            {
                return false;
            }

            recorded[key] = now;
            return true;
        }
    }

    /// <summary>
    /// Forgets entries that are older than a minute. The next attempt waits until the oldest remaining entry has expired, so that a flood
    /// does not make this slow.
    /// </summary>
    private bool Forget(DateTimeOffset now)
    {
        if (now < lookAgain && lookAgain - now <= Pause)
        {
            return false;
        }

        foreach (var key in recorded.Where(entry => !IsRecent(entry.Value, now)).Select(entry => entry.Key).ToList())
        {
            recorded.Remove(key);
        }

        lookAgain = recorded.Count == 0 ? now : recorded.Values.Min() + Pause;
        return recorded.Count < MaxRemembered;
    }

    // If the clock was set back, entries of the future do not count.
    private static bool IsRecent(DateTimeOffset last, DateTimeOffset now) => last <= now && now - last < Pause;

    private async Task WriteAsync((string Client, EdgeRefusal Reason) key, DateTimeOffset now)
    {
        try
        {
            await lane.RunAsync(
                db => db.RecordAsync(new ActivityEvent { At = now, Kind = ActivityEventKind.RefusedAtEdge, Detail = Describe(key.Reason) }),
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The request was answered already, and failures of the database are reported elsewhere. The next refusal of this client is
            // recorded instead.
            log.LogDebug(failure, "A refused request could not be recorded");
            lock (gate)
            {
                recorded.Remove(key);
            }
        }
    }
}
