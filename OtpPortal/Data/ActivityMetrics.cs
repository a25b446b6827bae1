using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OtpPortal.Data;

/// <summary>
/// The portal's metrics, counted where events are noted and when they are committed: they agree with the activity log, and what was rolled back counts
/// nowhere. Attributes take their values from this program alone: no address, and nothing that anybody typed. Names follow OpenTelemetry's conventions.
/// </summary>
public sealed class ActivityMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string Meter = "OtpPortal";

    // From a mail server that is near to the longest that a code is worth delivering.
    private static readonly InstrumentAdvice<double> DeliveryBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
    };

    // From a phone that fills the code in to the longest expiry.
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

    public ActivityMetrics(IMeterFactory meters, OutboxWatch outbox)
    {
        var meter = meters.Create(Meter);
        sends = meter.CreateCounter<long>("otpportal.otp.sends", "{code}", "Codes asked for, by what came of it.");
        verifications = meter.CreateCounter<long>("otpportal.otp.verifications", "{attempt}", "Codes entered, by what came of it.");
        locks = meter.CreateCounter<long>("otpportal.otp.locks", "{lock}", "Failure budgets spent.");
        entry = meter.CreateHistogram("otpportal.otp.entry.duration", "s", "Time from the send of a code to its entry.", tags: null, EntryBuckets);
        deliveries = meter.CreateCounter<long>("otpportal.deliveries", "{delivery}", "Deliveries of messages, by what came of them.");
        delivery = meter.CreateHistogram("otpportal.delivery.duration", "s", "Time from accepting a message to handing it over.", tags: null, DeliveryBuckets);
        registrations = meter.CreateCounter<long>("otpportal.account.registrations", "{registration}", "Registrations accepted.");
        signIns = meter.CreateCounter<long>("otpportal.account.sign_ins", "{sign_in}", "Sign-ins, by what came of them.");
        resets = meter.CreateCounter<long>("otpportal.account.password_resets", "{reset}", "New passwords set.");
        purged = meter.CreateCounter<long>("otpportal.purge.rows", "{row}", "Rows whose time was over.");
        edgeRefusals = meter.CreateCounter<long>("otpportal.edge.refusals", "{request}", "Requests refused before anything was done for them, by reason.");
        meter.CreateObservableGauge("otpportal.outbox.messages", () => Of(outbox, figures => figures.Waiting), "{message}", "Messages that wait to be delivered.");
        meter.CreateObservableGauge(
            "otpportal.outbox.oldest.age", () => Of(outbox, figures => figures.Oldest.TotalSeconds), "s", "How long the oldest waiting message has waited.");
    }

    /// <summary>Counts an event that was committed.</summary>
    public void Count(ActivityEvent happened)
    {
        // What refuses by a lock says by its channel which of the two it was: a send has one.
        var isSend = happened.Channel.Length > 0;
        switch (happened.Kind)
        {
            case ActivityKind.Sent:
                Send(happened, "sent");
                break;
            case ActivityKind.SentNowhere:
                Send(happened, "nowhere");
                break;
            case ActivityKind.RefusedByCooldown:
                Send(happened, "cooldown");
                break;
            case ActivityKind.RefusedByCap:
                Send(happened, "cap");
                break;
            case ActivityKind.RefusedByLock when isSend:
                Send(happened, "locked");
                break;
            case ActivityKind.RefusedByLock:
                Verification(happened, "locked");
                break;
            case ActivityKind.Verified:
                Verification(happened, "verified");
                entry.Record(Seconds(happened), Purpose(happened));
                break;
            case ActivityKind.WrongCode:
                Verification(happened, "wrong");
                break;
            case ActivityKind.EarlierCode:
                Verification(happened, "earlier");
                break;
            case ActivityKind.ExpiredCode:
                Verification(happened, "expired");
                break;
            case ActivityKind.NoCode:
                Verification(happened, "none");
                break;
            case ActivityKind.Locked:
                locks.Add(1, Purpose(happened));
                break;
            case ActivityKind.HandedOver:
                Delivery(happened, "handed_over");
                delivery.Record(Seconds(happened), Channel(happened));
                break;
            case ActivityKind.DeliveryRetried:
                Delivery(happened, "retried");
                break;
            case ActivityKind.DeliveryFailed:
                Delivery(happened, "failed");
                break;
            case ActivityKind.DeliveryExpired:
                Delivery(happened, "expired");
                break;
            case ActivityKind.DeliverySuperseded:
                Delivery(happened, "superseded");
                break;
            case ActivityKind.Registered:
                registrations.Add(1);
                break;
            case ActivityKind.SignedIn:
                signIns.Add(1, Outcome("signed_in"));
                break;
            case ActivityKind.WrongPassword:
                signIns.Add(1, Outcome("wrong_password"));
                break;
            case ActivityKind.PasswordReset:
                resets.Add(1);
                break;
            case ActivityKind.Purged:
                // What a purge is called is said by this program.
                purged.Add(happened.Count ?? 0, new KeyValuePair<string, object?>("otpportal.purge.what", happened.Detail));
                break;
        }
    }

    /// <summary>
    /// Counts a request that was refused at the edge. Of these the activity log has few, so this is the one number that is not made from
    /// it.
    /// </summary>
    public void CountEdgeRefusal(string reason) => edgeRefusals.Add(1, new KeyValuePair<string, object?>("otpportal.reason", reason));

    private void Send(ActivityEvent happened, string outcome) => sends.Add(1, new TagList { Purpose(happened), Channel(happened), Outcome(outcome) });

    private void Verification(ActivityEvent happened, string outcome) => verifications.Add(1, Purpose(happened), Outcome(outcome));

    private void Delivery(ActivityEvent happened, string outcome) => deliveries.Add(1, Channel(happened), Outcome(outcome));

    // Clocks may be set back.
    private static double Seconds(ActivityEvent happened) => Math.Max(happened.Delay ?? 0, 0) / 1000.0;

    private static KeyValuePair<string, object?> Purpose(ActivityEvent happened) => new("otpportal.purpose", happened.Purpose);

    private static KeyValuePair<string, object?> Channel(ActivityEvent happened) => new("otpportal.channel", happened.Channel);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("otpportal.outcome", outcome);

    /// <summary>One measurement, or none where the queue cannot be read.</summary>
    private static IEnumerable<Measurement<T>> Of<T>(OutboxWatch outbox, Func<OutboxFigures, T> figure)
        where T : struct =>
        outbox.Look() is { } figures ? [new Measurement<T>(figure(figures))] : [];
}
