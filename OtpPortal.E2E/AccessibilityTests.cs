using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>axe on every page, in both themes.</summary>
public sealed class AccessibilityTests(BrowserFixture browsers)
{
    /// <summary>Nothing runs in the frame of a mail, so axe would wait for its answer for ever. Mails are looked at by themselves below.</summary>
    private static readonly AxeRunContext AllButMails = new() { Exclude = [new AxeSelector("iframe[sandbox]")] };

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious_on_any_page(ColorScheme theme)
    {
        await using var server = await PortalServer.StartAsync(("Admin__Emails", Tour.Administrator));
        await using var ann = await Person.AtAsync(server, browsers, theme: theme);
        var found = new List<string>();
        var pages = 0;
        foreach (var (name, show) in Tour.Of(ann))
        {
            await show();
            var result = await ann.Page.RunAxe(AllButMails);
            Assert.NotEmpty(result.Passes);
            pages++;
            found.AddRange(result.Violations
                .Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{name}: {violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        }

        Assert.True(pages > 15, $"Only {pages} pages were looked at.");
        Assert.Empty(found);
    }

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
