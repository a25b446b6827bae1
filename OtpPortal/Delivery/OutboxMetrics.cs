using System.Diagnostics.Metrics;

namespace OtpPortal.Delivery;

/// <summary>Measures the queue of messages whenever metrics are collected.</summary>
internal sealed class OutboxMetrics : IHostedService
{
    /// <summary>The name of the meter, which the metrics of the activity log share.</summary>
    private const string Meter = "OtpPortal";

    public OutboxMetrics(IMeterFactory meters, OutboxMonitor outbox)
    {
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge(
            "otpportal.outbox.messages", () => Measure(outbox, figures => figures.Waiting), "{message}",
                "Messages that wait to be delivered.");
        meter.CreateObservableGauge("otpportal.outbox.oldest.age", () => Measure(outbox, figures => figures.Oldest.TotalSeconds), "s",
            "How long the oldest waiting message has waited.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>One measurement, or none if the queue cannot be read.</summary>
    private static IEnumerable<Measurement<T>> Measure<T>(OutboxMonitor outbox, Func<OutboxFigures, T> figure)
        where T : struct =>
        outbox.Refresh() is { } figures ? [new Measurement<T>(figure(figures))] : [];
}
