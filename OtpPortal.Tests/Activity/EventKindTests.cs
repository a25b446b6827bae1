using System.Text.Json;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Tests.Activity;

/// <summary>The table of event kinds is complete.</summary>
public sealed class EventKindTests
{
    // Their keys are public, and older than their names.
    private static readonly Dictionary<ActivityEventKind, string> OlderKeys = new() { [ActivityEventKind.DecoySent] = "sentNowhere" };

    [Fact]
    public void Every_event_kind_has_one_row() =>
        Assert.Equal(Enum.GetValues<ActivityEventKind>().Order(), EventKind.All.Select(row => row.Kind).Order());

    [Fact]
    public void Every_event_kind_has_a_label_of_its_own() =>
        Assert.Equal(EventKind.All.Count,
            EventKind.All.Select(row => row.Label).Where(label => label.Length > 0).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void The_key_of_an_event_kind_is_its_name_in_camel_case() => Assert.All(EventKind.All, row =>
        Assert.Equal(OlderKeys.GetValueOrDefault(row.Kind) ?? JsonNamingPolicy.CamelCase.ConvertName(row.Kind.ToString()), row.Key));

    [Fact]
    public void An_event_kind_is_found_by_its_key() => Assert.All(EventKind.All, row => Assert.Same(row, EventKind.Find(row.Key)));

    [Fact]
    public void A_metric_with_outcomes_has_a_different_one_for_each_event_kind()
    {
        var counted = EventKind.All.Where(row => row.Outcome.Length > 0).Select(row => (row.Metric, row.Outcome)).ToList();

        Assert.Equal(counted.Count, counted.Distinct().Count());
        Assert.DoesNotContain(EventKind.All, row => row.Metric == EventMetric.None && row.Outcome.Length > 0);
    }
}
