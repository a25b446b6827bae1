using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/account</c></summary>
public sealed class AccountPage(IPage page)
{
    public ILocator SignedIn => page.GetByText("You are signed in.");

    public ILocator VerifyBySms => page.GetByRole(AriaRole.Button, new() { Name = "Verify by SMS" });

    public ILocator SignOut => page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });
}
