using Microsoft.Playwright;

namespace OtpPortal.E2E.Pages;

/// <summary><c>/register</c></summary>
public sealed class RegisterPage(IPage page)
{
    public ILocator Email => page.GetByLabel("Email");

    public ILocator Password => page.GetByLabel("Password", new() { Exact = true });

    public ILocator Again => page.GetByLabel("Confirm password");

    public ILocator FirstName => page.GetByLabel("First name");

    public ILocator LastName => page.GetByLabel("Last name");

    public ILocator Mobile => page.GetByLabel("Mobile");

    public ILocator Submit => page.GetByRole(AriaRole.Button, new() { Name = "Create account" });

    public async Task FillAsync(string email, string password)
    {
        await page.GotoAsync("/register");
        await TypeAsync(email, password);
    }

    /// <summary>The same, on the page as it was come to.</summary>
    public async Task TypeAsync(string email, string password)
    {
        await Email.FillAsync(email);
        await Password.FillAsync(password);
        await FirstName.FillAsync("Ann");
        await LastName.FillAsync("Ellis");
    }

    public async Task SubmitAsync(string email, string password)
    {
        await FillAsync(email, password);
        await Submit.ClickAsync();
    }
}
