using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/forgot-password</c> and <c>/reset-password</c></summary>
public sealed class ResetPages(IPage page)
{
    public ILocator Email => page.GetByLabel("Email");

    public ILocator SendCode => page.GetByRole(AriaRole.Button, new() { Name = "Send code" });

    public ILocator NewPassword => page.GetByLabel("New password");

    public ILocator Submit => page.GetByRole(AriaRole.Button, new() { Name = "Reset password" });

    public async Task AskAsync(string email)
    {
        await page.GotoAsync("/forgot-password");
        await Email.FillAsync(email);
        await SendCode.ClickAsync();
    }

    public async Task SetAsync(string password)
    {
        await NewPassword.FillAsync(password);
        await Submit.ClickAsync();
    }
}
