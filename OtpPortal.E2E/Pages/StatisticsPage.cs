using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/admin/otp</c></summary>
public sealed class StatisticsPage(IPage page)
{
    public ILocator Heading => page.GetByRole(AriaRole.Heading, new() { Name = "Codes", Exact = true });

    /// <summary>Whether the page says that it needs a reload: it has no circuit, or not yet.</summary>
    public ILocator Refresh => page.GetByRole(AriaRole.Link, new() { Name = "Refresh" });

    public ILocator Updated => page.GetByText(new Regex("Updated at", RegexOptions.None, TimeSpan.FromSeconds(1)));

    public ILocator Paused => page.GetByText("paused while this tab is hidden");

    /// <summary>What is said to who is no administrator any more.</summary>
    public ILocator Ended => page.GetByText("You are no longer signed in as an administrator");

    public ILocator Details => page.GetByText("Show as a table");

    /// <summary>The bars of a chart.</summary>
    public ILocator Bars(string chart) => page.GetByRole(AriaRole.Figure, new() { Name = chart }).GetByRole(AriaRole.Img);

    /// <summary>One figure and what explains it, by its name.</summary>
    public ILocator Tile(string name) => page.GetByRole(AriaRole.Group, new() { Name = name });

    public ILocator Table(string name) => page.GetByRole(AriaRole.Region, new() { Name = name });

    public ILocator Range(string label) => page.GetByRole(AriaRole.Link, new() { Name = $"The last {label}" });

    public Task GoAsync(string query = "") => page.GotoAsync($"/admin/otp{query}");

    /// <summary>Goes there, and waits until the page lives.</summary>
    public async Task GoLiveAsync(string query = "")
    {
        await GoAsync(query);
        await Assertions.Expect(Updated).ToBeVisibleAsync();
        await Assertions.Expect(Refresh).ToBeHiddenAsync();
    }
}
