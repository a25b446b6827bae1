using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Web;

/// <summary>Why a request was refused before anything was done for it.</summary>
public enum EdgeRefusal
{
    /// <summary>The client's limit is reached.</summary>
    ClientLimit,

    /// <summary>A form came without its antiforgery token.</summary>
    FormToken,

    /// <summary>A page of another site sent it.</summary>
    Origin,

    /// <summary>Whoever sent it is not signed in for the API, or may not do this.</summary>
    NotAllowed,
}

/// <summary>
/// Tells the administrator of refusals at the edge. The metric counts each of them; the activity log has one a minute for each client and
/// reason, so that whoever is refused cannot fill the disk with it.
/// </summary>
public sealed class EdgeRefusals(WriteLane lane, ActivityMetrics metrics, TimeProvider clock, ILogger<EdgeRefusals> log)
{
    /// <summary>
    /// Events a minute over all clients, which is also what is remembered at most. A flood from more clients than these is in the metric
    /// alone.
    /// </summary>
    internal const int MaxRemembered = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Client, EdgeRefusal Reason), DateTimeOffset> told = [];
    private DateTimeOffset lookAgain;

    /// <summary>
    /// Counts a refusal, and writes it down where none was within the last minute. Nobody waits for that, and it cannot fail the request.
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

    /// <summary>The reason in the words of the activity log.</summary>
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
            if (told.TryGetValue(key, out var last) && IsRecent(last, now))
            {
                return false;
            }

            if (told.Count >= MaxRemembered && !Forget(now))
            {
                return false;
            }

            told[key] = now;
            return true;
        }
    }

    /// <summary>
    /// Forgets what is older than a minute. Until the oldest that remains is, there is nothing to look for, so a flood does not make this
    /// slow.
    /// </summary>
    private bool Forget(DateTimeOffset now)
    {
        if (now < lookAgain && lookAgain - now <= Pause)
        {
            return false;
        }

        foreach (var key in told.Where(entry => !IsRecent(entry.Value, now)).Select(entry => entry.Key).ToList())
        {
            told.Remove(key);
        }

        lookAgain = told.Count == 0 ? now : told.Values.Min() + Pause;
        return told.Count < MaxRemembered;
    }

    // A clock that was set back does not silence anybody for longer.
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
            // The request was answered already, and the database's own troubles are reported where they matter. The next refusal of this
            // client is written down instead.
            log.LogDebug(failure, "A refused request could not be recorded");
            lock (gate)
            {
                told.Remove(key);
            }
        }
    }
}
