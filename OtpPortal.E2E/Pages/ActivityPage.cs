using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/admin/activity</c></summary>
public sealed class ActivityPage(IPage page)
{
    public ILocator Heading => page.GetByRole(AriaRole.Heading, new() { Name = "Activity", Exact = true });

    public ILocator Person => page.GetByLabel("Person", new() { Exact = true });

    public ILocator What => page.GetByLabel("What", new() { Exact = true });

    public ILocator Purpose => page.GetByLabel("Purpose", new() { Exact = true });

    public ILocator From => page.GetByLabel("From");

    public ILocator Until => page.GetByLabel("Until");

    public ILocator Show => page.GetByRole(AriaRole.Button, new() { Name = "Show" });

    public ILocator ShowEverything => page.GetByRole(AriaRole.Link, new() { Name = "Show everything" });

    /// <summary>The table.</summary>
    public ILocator Events => page.GetByRole(AriaRole.Region, new() { Name = "Events", Exact = true });

    /// <summary>Its rows, without its head.</summary>
    public ILocator Rows => Events.Locator("tbody").GetByRole(AriaRole.Row);

    public ILocator Page(string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Download(string format) => page.GetByRole(AriaRole.Link, new() { Name = format, Exact = true });

    public Task GoAsync(string query = "") => page.GotoAsync($"/admin/activity{query}");
}
