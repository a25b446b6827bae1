using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Pages;

/// <summary>The page on which to try the API.</summary>
public sealed class SwaggerPage(PortalServer server, IPage page)
{
    public ILocator Title => page.GetByRole(AriaRole.Heading, new() { Name = "OtpPortal" });

    /// <summary>The button that opens a route.</summary>
    public ILocator Route(string method, string path) => page.GetByRole(AriaRole.Button, new() { Name = $"{method} {path}" }).First;

    /// <summary>What the portal answered to <see cref="ExecuteAsync"/>.</summary>
    public ILocator Answer => page.GetByRole(AriaRole.Heading, new() { Name = "Server response" }).Locator("xpath=following-sibling::*[1]");

    public Task OpenAsync() => page.GotoAsync(server.Url("/swagger"));

    /// <summary>Sends a body to the open route.</summary>
    public async Task ExecuteAsync(string body)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox).Last.FillAsync(body);
        await page.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
    }
}
