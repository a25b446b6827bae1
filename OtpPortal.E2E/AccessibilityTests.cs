using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>axe on every page, in both themes.</summary>
public sealed class AccessibilityTests(BrowserFixture browsers)
{
    /// <summary>
    /// Nothing runs in the frame of a mail, so axe would wait for its answer for ever. Mails are looked at by themselves
    /// below.
    /// </summary>
    private static readonly AxeRunContext AllButMails = new() { Exclude = [new AxeSelector("iframe[sandbox]")] };

    [Theory]
    [MemberData(nameof(Tours))]
    public async Task Axe_finds_nothing_serious_on_any_page(int number)
    {
        var tour = Tour.All[number];
        var found = new List<string>();
        await using var server = await PortalServer.StartAsync(tour.Settings);
        await using var ann = await Person.AtAsync(server, browsers);
        await tour.WalkAsync(ann, async name =>
        {
            foreach (var theme in new[] { ColorScheme.Dark, ColorScheme.Light })
            {
                // Without motion a button has its new color at once: axe would measure one on its way from theme to theme.
                await ann.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                var result = await ann.Page.RunAxe(AllButMails);
                Assert.NotEmpty(result.Passes);
                found.AddRange(result.Violations
                    .Where(violation => violation.Impact is "serious" or "critical")
                    .Select(violation => $"{name}, {theme}: {violation.Id}: {violation.Help}: "
                        + string.Join(", ", violation.Nodes.Select(node => node.Html))));
            }
        });
        Assert.Empty(found);
    }

    public static TheoryData<int> Tours => [.. Enumerable.Range(0, Tour.All.Count)];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious_in_any_mail(ColorScheme theme)
    {
        var page = await browsers.Browser.NewPageAsync(new() { ColorScheme = theme });
        var mails = Directory.GetFiles(Path.Combine(Repository.Root, "OtpPortal.Tests", "Delivery", "Snapshots"), "*.html");
        var found = new List<string>();
        foreach (var mail in mails)
        {
            await page.GotoAsync(new Uri(mail).ToString());
            found.AddRange((await page.RunAxe()).Violations
                .Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{Path.GetFileName(mail)}: {violation.Id}: {violation.Help}"));
        }

        Assert.NotEmpty(mails);
        Assert.Empty(found);
        await page.CloseAsync();
    }
}
