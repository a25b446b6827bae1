using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/admin/people</c> and the page of one person.</summary>
public sealed class PeoplePages(IPage page)
{
    public ILocator Field => page.GetByLabel("Search");

    public ILocator Table => page.GetByRole(AriaRole.Region, new() { Name = "People found" });

    public ILocator Newest => page.GetByRole(AriaRole.Region, new() { Name = "Newest accounts" });

    /// <summary>Registrations whose code was not entered.</summary>
    public ILocator Waiting => page.GetByRole(AriaRole.Region, new() { Name = "Registrations waiting for a code" });

    /// <summary>What was done, or why it was not.</summary>
    public ILocator Told => page.Locator(".notice");

    public ILocator Keep => page.GetByRole(AriaRole.Link, new() { Name = "Cancel" });

    public ILocator Activity => page.GetByRole(AriaRole.Region, new() { Name = "Recent activity" });

    /// <summary>What is said under a name: "Locks".</summary>
    public ILocator Fact(string name) =>
        page.GetByRole(AriaRole.Term).Filter(new() { HasTextString = name }).Locator("xpath=following-sibling::dd[1]");

    public ILocator Person(string email) => page.GetByRole(AriaRole.Link, new() { Name = email, Exact = true });

    public Task GoAsync() => page.GotoAsync("/admin/people");

    /// <summary>Searches from whatever page of people this is.</summary>
    public async Task SearchAsync(string words)
    {
        await Field.FillAsync(words);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
    }

    /// <summary>Finds somebody and opens their page.</summary>
    public async Task OpenAsync(string email)
    {
        await GoAsync();
        await SearchAsync(email);
        await Person(email).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = email })).ToBeVisibleAsync();
    }

    /// <summary>Asks for something to be done, which asks back.</summary>
    public Task AskAsync(string action) => page.GetByRole(AriaRole.Link, new() { Name = action, Exact = true }).ClickAsync();

    /// <summary>Says yes.</summary>
    public Task ConfirmAsync(string action) => page.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();

    /// <summary>Says yes if the page asks: on the way back, a browser may show the question again or what became of it.</summary>
    public async Task ConfirmIfAskedAsync(string action)
    {
        if (await page.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).IsVisibleAsync())
        {
            await ConfirmAsync(action);
        }
    }
}
