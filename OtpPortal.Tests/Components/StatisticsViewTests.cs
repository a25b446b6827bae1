using AngleSharp.Dom;
using Bunit;
using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Components.Admin;

namespace OtpPortal.Tests.Components;

/// <summary>What the page of statistics says of the figures that it is given.</summary>
public sealed class StatisticsViewTests : IAsyncDisposable
{
    private readonly BunitContext page = new();

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Fact]
    public void The_tiles_of_the_statistics_answer_the_four_questions()
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.Usual));

        Assert.Equal("200 sent", Value(view, "Are codes going out?"));
        Assert.Equal("95 % delivered", Value(view, "Do they arrive?"));
        Assert.Equal("75 % entered", Value(view, "Do people get in?"));
        Assert.Equal("12 wrong codes", Value(view, "Is somebody attacking?"));
        Assert.Equal(["5", "3", "0"], Rows(view, "Are codes going out?"));
        Assert.Equal(["820 ms", "4.2 s", "7", "0"], Rows(view, "Do they arrive?"));
        Assert.Equal(["24 s", "1 min 20 s", "0"], Rows(view, "Do people get in?"));
        Assert.Equal(["1", "2"], Rows(view, "Is somebody attacking?"));
    }

    [Fact]
    public void The_active_codes_are_counted_together_and_by_purpose()
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.Usual) with
        {
            Codes = [new("register", 3, 40), new("login", 20, 500), new("forgot_password", 0, 1)],
            Queue = new QueueFigures(4, 75),
        });

        Assert.Equal("23", Value(view, "Active codes"));
        Assert.Equal(["3", "20", "0"], Rows(view, "Active codes"));
        Assert.Equal("541", Value(view, "Expired codes"));
        Assert.Equal(["40", "500", "1"], Rows(view, "Expired codes"));
        Assert.Equal("4", Value(view, "Messages waiting"));
        Assert.Equal(["1 min 15 s"], Rows(view, "Messages waiting"));
    }

    [Fact]
    public void The_statistics_without_alerts_say_so_in_one_line()
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.Usual));

        Assert.Equal("Nothing needs your attention.", Plain(view.Find("[role=status]")));
        Assert.Empty(view.FindAll("[role=alert]"));
    }

    [Fact]
    public void Alerts_come_first_in_the_statistics_and_in_words()
    {
        var view = Show(
            SampleStatistics.Of(
                SampleStatistics.Usual) with { Alerts = ["Messages are not being delivered.", "One client entered most of them."] });

        var alert = view.Find("[role=alert]");
        Assert.Equal(["Messages are not being delivered.", "One client entered most of them."], alert.QuerySelectorAll("li").Select(Plain));
        Assert.StartsWith("<div class=\"notice error\" role=\"alert\"", view.Markup.TrimStart(), StringComparison.Ordinal);
        Assert.Empty(view.FindAll("[role=status]"));
    }

    [Theory]
    [InlineData("24h", "Show the last 30 days", "/admin/otp?range=30d")]
    [InlineData("30d", "Open the registration page", "/register")]
    public void The_statistics_of_a_new_portal_say_that_nothing_happened_and_what_to_do(string range, string link, string to)
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.None, range));

        Assert.Contains("No codes were requested in the last", view.Markup, StringComparison.Ordinal);
        Assert.Equal(to, view.FindAll("a").Single(a => Plain(a) == link).GetAttribute("href"));
        Assert.Empty(view.FindAll("figure"));
        Assert.Empty(view.FindAll("table"));
        Assert.Equal("0", Value(view, "Active codes"));
        Assert.Equal(["–"], Rows(view, "Messages waiting"));
    }

    [Fact]
    public void A_rate_of_the_statistics_without_a_denominator_is_a_dash()
    {
        var view = Show(SampleStatistics.Of(new Figures { Verified = 1 }));

        Assert.Equal("– delivered", Value(view, "Do they arrive?"));
        Assert.Equal("– entered", Value(view, "Do people get in?"));
        Assert.DoesNotContain("NaN", view.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_statistics_of_one_purpose_leave_the_others_at_zero()
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.Usual, purpose: "login"));

        var rows = view.FindAll("[aria-labelledby=purposes] tbody tr").Select(row => row.Children.Select(Plain).ToArray()).ToArray();
        Assert.Equal(["Registration", "0", "0 –", "0 –", "– –", "– –", "0", "0", "0"], rows[0]);
        Assert.Equal(["Sign-in", "200", "190 95 %", "150 75 %", "820 ms 4.2 s", "24 s 1 min 20 s", "12", "1", "10"], rows[1]);
        Assert.Equal("Password reset", rows[2][0]);
    }

    [Fact]
    public void Huge_figures_of_the_statistics_can_be_read()
    {
        var view = Show(SampleStatistics.Of(new Figures { Sent = 1_234_567_890, Delivered = 1_234_567_890, Verified = 617_283_945 }));

        Assert.Equal("1 234 567 890 sent", Value(view, "Are codes going out?"));
        Assert.Equal("50 % entered", Value(view, "Do people get in?"));
        Assert.Equal(["1.5 G", "1 G", "500 M", "0"], view.FindAll(".axis")[0].QuerySelectorAll("text").Select(Plain).Reverse());
    }

    [Fact]
    public void More_codes_entered_than_sent_stay_within_their_bar()
    {
        var view = Show(SampleStatistics.Of(new Figures { Sent = 2, Delivered = 2, Verified = 5 }));

        Assert.Equal("250 % entered", Value(view, "Do people get in?"));
        Assert.All(view.FindAll("ol rect"), rect => Assert.Equal("100%", rect.GetAttribute("width")));
    }

    [Fact]
    public void A_mail_domain_with_few_entered_codes_is_marked()
    {
        var view = Show(SampleStatistics.Of(SampleStatistics.Usual) with
        {
            Domains = [new("example.com", 100, 100, 0, 95, 20_000), new("outlook.example", 60, 60, 2, 15, 90_000),
                new("few.example", 9, 9, 0, 0, null)],
        });

        var rows = view.FindAll("[aria-labelledby=domains] tbody tr").Select(row => row.Children.Select(Plain).ToArray()).ToArray();
        Assert.Equal(["example.com", "100", "100", "0", "95", "95 %", "20 s"], rows[0]);
        Assert.Equal(["outlook.example far below the others", "60", "60", "2", "15", "25 %", "1 min 30 s"], rows[1]);
        Assert.Equal(["few.example", "9", "9", "0", "0", "0 %", "–"], rows[2]);
    }

    private IRenderedComponent<StatisticsView> Show(OtpStatistics statistics) =>
        page.Render<StatisticsView>(parameters => parameters.Add(it => it.Statistics, statistics));

    private static IElement Tile(IRenderedComponent<StatisticsView> view, string name) => view.Find($"[role=group][aria-label='{name}']");

    private static string Value(IRenderedComponent<StatisticsView> view, string tile) => Plain(Tile(view, tile).QuerySelector("p")!);

    private static IEnumerable<string> Rows(IRenderedComponent<StatisticsView> view, string tile) =>
        Tile(view, tile).QuerySelectorAll("dd").Select(Plain);

    /// <summary>As it is read: every space is one.</summary>
    private static string Plain(INode node) =>
        string.Join(' ', node.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
