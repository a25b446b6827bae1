using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/dev/inbox</c></summary>
public sealed class InboxPage(IPage page)
{
    public ILocator Messages => page.GetByRole(AriaRole.Article);

    public ILocator Newest => Messages.First;

    public Task OpenAsync() => page.GotoAsync("/dev/inbox");

    /// <summary>The mail as it looks, in its frame.</summary>
    public static ILocator Look(ILocator message) => message.Locator("iframe");

    public static ILocator Text(ILocator message) => message.GetByText("Plain text");

    public static ILocator Copy(ILocator message) => message.GetByRole(AriaRole.Button, new() { Name = "Copy" });
}
