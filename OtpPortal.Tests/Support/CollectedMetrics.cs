using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Delivery;

namespace OtpPortal.Tests.Support;

/// <summary>What the meter of one portal measures: others of the same process have meters of their own with the same name.</summary>
public sealed class CollectedMetrics : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<Measured> all = new();

    public CollectedMetrics(PortalHost portal)
    {
        var meters = portal.Services.GetRequiredService<IMeterFactory>();

        // Made once for the container, whoever asks first.
        _ = portal.Services.GetRequiredService<ActivityMetrics>();
        _ = portal.Services.GetRequiredService<OutboxMetrics>();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ActivityMetrics.Meter && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                Instruments[instrument.Name] = instrument;
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The instruments by their names.</summary>
    public ConcurrentDictionary<string, Instrument> Instruments { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Measured> All => [.. all];

    /// <summary>Everything of one instrument added up, by the values of its attributes in the order of their names.</summary>
    public SortedDictionary<string, double> Sums(string instrument) => new(
        all.Where(one => one.Instrument == instrument).GroupBy(one => one.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(one => one.Value), StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>Reads the gauges.</summary>
    public double? Gauge(string instrument)
    {
        var before = all.Count;
        listener.RecordObservableInstruments();
        return all.Skip(before).Where(one => one.Instrument == instrument).Select(one => (double?)one.Value).SingleOrDefault();
    }

    public void Dispose() => listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        all.Enqueue(
            new Measured(instrument.Name, value,
                tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString() ?? "", StringComparer.Ordinal)));
}

/// <summary>One measurement.</summary>
public sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags)
{
    public string Key => string.Join(' ', Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value));
}
