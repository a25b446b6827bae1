using System.Diagnostics;
using System.Diagnostics.Metrics;
using OtpPortal.Data;
using ActivityEvent = OtpPortal.Data.ActivityEvent;

namespace OtpPortal.Activity;

/// <summary>
/// The portal's metrics. Events are counted when they are committed, so that the metrics agree with the activity log and exclude what was
/// rolled back. The values of attributes come from this program: none is an address, or anything that somebody typed. Names follow
/// OpenTelemetry's conventions.
/// </summary>
internal sealed class ActivityMetrics : ICommitObserver
{
    /// <summary>The name of the meter.</summary>
    public const string Meter = "OtpPortal";

    // The buckets range from a nearby mail server to the longest expiry of a code.
    private static readonly InstrumentAdvice<double> DeliveryBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
    };

    // The buckets range from a phone that fills in the code to the longest expiry.
    private static readonly InstrumentAdvice<double> EntryBuckets = new()
    {
        HistogramBucketBoundaries = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600],
    };

    private readonly Counter<long> sends;
    private readonly Counter<long> verifications;
    private readonly Counter<long> locks;
    private readonly Histogram<double> entry;
    private readonly Counter<long> deliveries;
    private readonly Histogram<double> delivery;
    private readonly Counter<long> registrations;
    private readonly Counter<long> signIns;
    private readonly Counter<long> resets;
    private readonly Counter<long> purged;
    private readonly Counter<long> edgeRefusals;

    public ActivityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        sends = meter.CreateCounter<long>("otpportal.otp.sends", "{code}", "Codes asked for, by what came of it.");
        verifications = meter.CreateCounter<long>("otpportal.otp.verifications", "{attempt}", "Codes entered, by what came of it.");
        locks = meter.CreateCounter<long>("otpportal.otp.locks", "{lock}", "Failure budgets spent.");
        entry = meter.CreateHistogram(
            "otpportal.otp.entry.duration", "s", "Time from the send of a code to its entry.", tags: null, EntryBuckets);
        deliveries = meter.CreateCounter<long>("otpportal.deliveries", "{delivery}", "Deliveries of messages, by what came of them.");
        delivery = meter.CreateHistogram(
            "otpportal.delivery.duration", "s", "Time from accepting a message to handing it over.", tags: null, DeliveryBuckets);
        registrations = meter.CreateCounter<long>("otpportal.account.registrations", "{registration}", "Registrations accepted.");
        signIns = meter.CreateCounter<long>("otpportal.account.sign_ins", "{sign_in}", "Sign-ins, by what came of them.");
        resets = meter.CreateCounter<long>("otpportal.account.password_resets", "{reset}", "New passwords set.");
        purged = meter.CreateCounter<long>("otpportal.purge.rows", "{row}", "Rows whose time was over.");
        edgeRefusals = meter.CreateCounter<long>(
            "otpportal.edge.refusals", "{request}", "Requests refused before anything was done for them, by reason.");
    }

    /// <inheritdoc/>
    public void OnCommitted(ActivityEvent activityEvent)
    {
        Count(activityEvent, EventKind.Of(activityEvent.Kind));
        if (activityEvent.Kind == ActivityEventKind.Verified)
        {
            entry.Record(Seconds(activityEvent), Purpose(activityEvent));
        }
        else if (activityEvent.Kind == ActivityEventKind.HandedOver)
        {
            delivery.Record(Seconds(activityEvent), Channel(activityEvent));
        }
    }

    /// <summary>
    /// Counts a request that was refused at the edge. The activity log has only a few of these, so this number does not come from it.
    /// </summary>
    public void CountEdgeRefusal(string reason) => edgeRefusals.Add(1, new KeyValuePair<string, object?>("otpportal.reason", reason));

    private void Count(ActivityEvent activityEvent, EventKind kind)
    {
        switch (kind.Metric)
        {
            case EventMetric.Sends:
            case EventMetric.SendsOrVerifications when activityEvent.Channel.Length > 0:
                sends.Add(1, new TagList { Purpose(activityEvent), Channel(activityEvent), Outcome(kind) });
                break;
            case EventMetric.Verifications or EventMetric.SendsOrVerifications:
                verifications.Add(1, Purpose(activityEvent), Outcome(kind));
                break;
            case EventMetric.Locks:
                locks.Add(1, Purpose(activityEvent));
                break;
            case EventMetric.Deliveries:
                deliveries.Add(1, Channel(activityEvent), Outcome(kind));
                break;
            case EventMetric.Registrations:
                registrations.Add(1);
                break;
            case EventMetric.SignIns:
                signIns.Add(1, Outcome(kind));
                break;
            case EventMetric.PasswordResets:
                resets.Add(1);
                break;
            case EventMetric.PurgedRows:
                // The detail of this event is the name of the purge, which comes from this program.
                purged.Add(activityEvent.Count ?? 0, new KeyValuePair<string, object?>("otpportal.purge.what", activityEvent.Detail));
                break;
        }
    }

    // A clock that was set back makes a negative delay.
    private static double Seconds(ActivityEvent happened) => Math.Max(happened.Delay ?? 0, 0) / 1000.0;

    private static KeyValuePair<string, object?> Purpose(ActivityEvent happened) => new("otpportal.purpose", happened.Purpose);

    private static KeyValuePair<string, object?> Channel(ActivityEvent happened) => new("otpportal.channel", happened.Channel);

    private static KeyValuePair<string, object?> Outcome(EventKind kind) => new("otpportal.outcome", kind.Outcome);
}
