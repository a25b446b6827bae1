using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using OtpPortal.Components.Controls;

namespace OtpPortal.Tests.Components;

/// <summary>The chart: what is drawn is what is said.</summary>
public sealed class StackedBarsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly BunitContext page = new();

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Fact]
    public void The_parts_of_a_stacked_bar_stand_on_each_other_and_are_as_high_as_their_figures()
    {
        var chart = Show([0, 0], [3, 1]);

        var parts = chart.FindAll(".part").Skip(2).ToList();
        Assert.Equal(3, Height(parts[0]) / Height(parts[1]), 0.01);
        Assert.Equal(Number(parts[0], "y"), Number(parts[1], "y") + Height(parts[1]), 0.01);
        Assert.All(chart.FindAll(".part").Take(2), part => Assert.Equal(0, Height(part)));
    }

    [Fact]
    public void Stacked_bars_share_the_width_and_do_not_touch()
    {
        var chart = Show([1, 1], [2, 2], [3, 3]);

        var bars = chart.FindAll(".part").Where((_, i) => i % 2 == 0)
            .Select(part => (From: Number(part, "x"), To: Number(part, "x") + Number(part, "width"))).ToList();
        Assert.All(bars, bar => Assert.InRange(bar.To, bar.From, 100));
        Assert.True(bars[0].To < bars[1].From && bars[1].To < bars[2].From, string.Join(' ', bars));
    }

    [Fact]
    public void Every_stacked_bar_can_be_focused_and_names_its_time_and_figures()
    {
        var chart = Show([1, 2], [3, 4]);

        var bars = chart.FindAll("[role=img]");
        Assert.Equal(["-1", "0"], bars.Select(bar => bar.GetAttribute("tabindex")));
        Assert.Equal(
            ["09:00–10:00 UTC Right 1 Wrong 2", "10:00–11:00 UTC Right 3 Wrong 4"],
            bars.Select(bar => Plain(chart.Find($"#{bar.GetAttribute("aria-labelledby")}"))));
    }

    [Fact]
    public void The_figures_of_the_stacked_bars_are_a_table_too()
    {
        var chart = Show([1, 2], [3_000_000, 4]);

        Assert.Equal(["Time", "Right", "Wrong"], chart.FindAll("thead th").Select(Plain));
        Assert.Equal(["09:00–10:00 UTC", "1", "2", "10:00–11:00 UTC", "3 000 000", "4"], chart.FindAll("tbody tr > *").Select(Plain));
    }

    [Fact]
    public void No_part_of_a_stacked_bar_is_told_by_its_colour_alone()
    {
        var chart = Show([1, 1]);

        Assert.Equal(["Bad", "Good"], chart.FindAll("figcaption li").Select(Plain));
        var patterns = chart.FindAll("pattern path").Select(path => path.GetAttribute("d")).ToList();
        Assert.Equal(patterns.Count, patterns.Distinct().Count());
        Assert.All(chart.FindAll(".part"), part => Assert.NotNull(chart.Find(part.GetAttribute("fill")![4..^1])));
    }

    [Fact]
    public void Stacked_bars_without_figures_are_an_empty_chart()
    {
        var chart = Show([0, 0], [0, 0]);

        Assert.All(chart.FindAll(".part"), part => Assert.Equal(0, Height(part)));
        Assert.Equal(["0", "1"], chart.FindAll(".axis text").Select(Plain));
    }

    [Fact]
    public void Bars_of_days_are_labelled_in_UTC_wherever_the_reader_is()
    {
        var chart = Show(ChartTimes.Days, [1, 2]);

        Assert.Equal("Sun 1 Mar", Plain(chart.Find("tbody th")));
        Assert.Equal("1 Mar", Plain(chart.Find(".times")));
        Assert.Empty(chart.FindAll("time"));
    }

    private IRenderedComponent<StackedBars> Show(params long[][] bars) => Show(ChartTimes.Clock, bars);

    private IRenderedComponent<StackedBars> Show(ChartTimes times, params long[][] bars) =>
        page.Render<StackedBars>(parameters => parameters
        .Add(it => it.Id, "test").Add(it => it.Title, "Tests").Add(it => it.Times, times)
        .Add(it => it.Parts, [new ChartPart("Good", "solid"), new ChartPart("Bad", "dotted")])
        .Add(it => it.Figures, ["Right", "Wrong"])
        .Add(it => it.Bars, [.. bars.Select((figures, i) => new ChartBar(Start.AddHours(i), Start.AddHours(i + 1), figures, figures))]));

    private static double Height(IElement rect) => Number(rect, "height");

    private static double Number(IElement rect, string attribute) =>
        double.Parse(rect.GetAttribute(attribute)!.TrimEnd('%'), CultureInfo.InvariantCulture);

    private static string Plain(INode node) =>
        string.Join(' ', node.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
