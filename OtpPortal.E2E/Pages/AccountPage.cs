using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/account</c></summary>
public sealed class AccountPage(IPage page)
{
    public ILocator SignedIn => page.GetByText("You are signed in.");

    public ILocator VerifyBySms => page.GetByRole(AriaRole.Button, new() { Name = "Verify by SMS" });

    private ILocator SignOut => page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });

    /// <summary>Signs out, and waits until that is done: going elsewhere meanwhile would call it off.</summary>
    public async Task SignOutAsync()
    {
        await SignOut.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome", Exact = true })).ToBeVisibleAsync();
    }
}
