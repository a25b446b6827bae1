using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/verify</c></summary>
public sealed class VerifyPage(IPage page)
{
    public ILocator Code => page.GetByLabel("Code");

    public ILocator Submit => page.GetByRole(AriaRole.Button, new() { Name = "Verify" });

    public ILocator Resend => page.GetByRole(AriaRole.Button, new() { Name = "Resend code" });

    public ILocator Problem => page.GetByRole(AriaRole.Alert);

    /// <summary>How well the channel works.</summary>
    public ILocator Delivery =>
        page.GetByRole(AriaRole.Status)
            .Filter(new() { HasTextRegex = Text("way\\.|delivered normally|slow at the moment|cannot be reached") });

    /// <summary>The minutes and seconds until the next code.</summary>
    public ILocator Countdown => page.GetByText(Text("You can request a new code in \\d+:\\d\\d"));

    /// <summary>Asks for a new code as soon as that is possible.</summary>
    public async Task ResendAsync()
    {
        // Only the live button knows: the one before it is free until portal.js runs, and goes away when the circuit comes.
        await Assertions.Expect(Resend).Not.ToHaveAttributeAsync("data-wait", Text(""));
        await Assertions.Expect(Countdown).ToBeHiddenAsync();
        await Assertions.Expect(Resend).ToBeEnabledAsync();
        await Resend.ClickAsync();
    }

    public async Task EnterAsync(string code)
    {
        await Code.FillAsync(code);
        await Submit.ClickAsync();
    }

    /// <summary>
    /// Enters what is refused, and waits for the page that says so: it may look like the one that was left. Needs
    /// JavaScript.
    /// </summary>
    public async Task EnterInVainAsync(string code)
    {
        await Code.FillAsync(code);
        await page.EvaluateAsync("document.title = 'left'");
        await Submit.ClickAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("Enter the code · OtpPortal");
    }

    /// <summary>Waits until delivery is said to be as expected; without JavaScript people reload for that.</summary>
    public async Task ReloadUntilAsync(string delivery, BrowserCapabilities with)
    {
        using var late = new CancellationTokenSource(Timeouts.Time);
        while (with == BrowserCapabilities.NoJavaScript && await Delivery.InnerTextAsync() != delivery)
        {
            late.Token.ThrowIfCancellationRequested();
            await page.ReloadAsync();
        }

        await Assertions.Expect(Delivery).ToHaveTextAsync(delivery);
    }

    /// <summary>Watches the countdown until it has come down by that many seconds.</summary>
    public async Task SecondsPassAsync(int seconds)
    {
        // Any of the seconds below: a slow machine may not draw each.
        var below = Enumerable.Range(0, await SecondsLeftAsync() - seconds + 1).Select(second => $"{second / 60}:{second % 60:00}");
        await Assertions.Expect(Countdown).ToContainTextAsync(Text($" (?:{string.Join('|', below)})\\."));
    }

    public async Task<int> SecondsLeftAsync()
    {
        var text = await Countdown.InnerTextAsync();
        var clock = text[(text.LastIndexOf(' ') + 1)..].TrimEnd('.').Split(':');
        return (int.Parse(clock[0], CultureInfo.InvariantCulture) * 60) + int.Parse(clock[1], CultureInfo.InvariantCulture);
    }

    private static Regex Text(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
