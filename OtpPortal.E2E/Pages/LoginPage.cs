using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/login</c></summary>
public sealed class LoginPage(IPage page)
{
    public ILocator Email => page.GetByLabel("Email");

    public ILocator Password => page.GetByLabel("Password");

    public ILocator Submit => page.GetByRole(AriaRole.Button, new() { Name = "Sign in" });

    public ILocator EmailCode => page.GetByRole(AriaRole.Button, new() { Name = "Email me a code" });

    public async Task WithPasswordAsync(string email, string password)
    {
        await page.GotoAsync("/login");
        await Email.FillAsync(email);
        await Password.FillAsync(password);
        await Submit.ClickAsync();
    }

    public async Task WithCodeAsync(string email)
    {
        await page.GotoAsync("/login");
        await Email.FillAsync(email);
        await EmailCode.ClickAsync();
    }
}
