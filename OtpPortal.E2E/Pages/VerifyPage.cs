using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/verify</c></summary>
public sealed class VerifyPage(IPage page)
{
    public ILocator Code => page.GetByLabel("Code");

    public ILocator Submit => page.GetByRole(AriaRole.Button, new() { Name = "Verify" });

    public ILocator Resend => page.GetByRole(AriaRole.Button, new() { Name = "Resend code" });

    public ILocator Problem => page.GetByRole(AriaRole.Alert);

    /// <summary>How far the message has come.</summary>
    public ILocator Delivery => page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new System.Text.RegularExpressions.Regex("Handed|way|take|refused|expired", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) });

    /// <summary>The minutes and seconds until the next code.</summary>
    public ILocator Countdown => page.GetByText(new System.Text.RegularExpressions.Regex("You can ask for a new code in \\d+:\\d\\d", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>Asks for a new code as soon as that is possible.</summary>
    public async Task ResendAsync()
    {
        await Assertions.Expect(Countdown).ToBeHiddenAsync();
        await Assertions.Expect(Resend).ToBeEnabledAsync();
        await Resend.ClickAsync();
    }

    public async Task EnterAsync(string code)
    {
        await Code.FillAsync(code);
        await Submit.ClickAsync();
    }

    public async Task<int> SecondsLeftAsync()
    {
        var text = await Countdown.InnerTextAsync();
        var clock = text[(text.LastIndexOf(' ') + 1)..].TrimEnd('.').Split(':');
        return (int.Parse(clock[0], System.Globalization.CultureInfo.InvariantCulture) * 60) + int.Parse(clock[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
