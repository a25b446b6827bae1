using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>Pictures of every page for people to look at; run by ./screens.sh, not with the tests.</summary>
public sealed class Screens(BrowserFixture browsers)
{
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 360, 740)]
    [InlineData(ColorScheme.Dark, 360, 740)]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    public async Task Screenshots_of_every_page_are_taken(ColorScheme theme, int width, int height)
    {
        var folder = Path.Combine(Repository.Artifacts, "screens", $"{theme}-{width}".ToLowerInvariant());
        foreach (var tour in Tour.All)
        {
            await using var server = await PortalServer.StartAsync(tour.Settings);
            await using var ann = await Person.AtAsync(server, browsers, theme: theme);
            await ann.Page.SetViewportSizeAsync(width, height);
            await tour.WalkAsync(
                ann, name => ann.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true }));
        }

        Assert.NotEmpty(Directory.GetFiles(folder));
    }

    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 360, 740)]
    [InlineData(ColorScheme.Dark, 360, 740)]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    public async Task Screenshots_of_every_mail_are_taken(ColorScheme theme, int width, int height)
    {
        var folder = Path.Combine(Repository.Artifacts, "screens", $"{theme}-{width}".ToLowerInvariant());
        var mails = Directory.GetFiles(Path.Combine(Repository.Root, "OtpPortal.Tests", "Delivery", "Snapshots"), "*.html");
        var page = await browsers.Browser.NewPageAsync(
            new() { ColorScheme = theme, ViewportSize = new() { Width = width, Height = height } });
        foreach (var mail in mails)
        {
            await page.GotoAsync(new Uri(mail).ToString());
            await page.ScreenshotAsync(
                new() { Path = Path.Combine(folder, $"mail-{Path.GetFileNameWithoutExtension(mail)}.png"), FullPage = true });
        }

        Assert.NotEmpty(mails);
        await page.CloseAsync();
    }
}
