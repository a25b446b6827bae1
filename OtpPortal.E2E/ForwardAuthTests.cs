using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>
/// A person on the way to an application behind nginx, with the configuration that stands in <c>docs/forward-auth.md</c>.
/// </summary>
public sealed partial class ForwardAuthTests(SharedApplicationSite shared, BrowserFixture browsers) : IClassFixture<SharedApplicationSite>
{
    private const string Wanted = "/deep/page?a=b&c=%2Fd%20e&f=%C3%BC";

    [Fact]
    public async Task A_person_signs_in_with_a_code_on_the_way_to_an_application_and_signs_out()
    {
        var site = shared.Site;
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync(site.Url("app", Wanted));
        await Assertions.Expect(page).ToHaveURLAsync(AtLogin());

        var login = new LoginPage(page);
        await login.Email.FillAsync(ApplicationSite.Ann);
        var before = (await site.Server.MessagesAsync(ApplicationSite.Ann, count: 0)).Count;
        await login.EmailCode.ClickAsync();
        await new VerifyPage(page).EnterAsync(await site.Server.CodeForAsync(ApplicationSite.Ann, before + 1));

        await Assertions.Expect(page).ToHaveURLAsync(Exactly(site.Url("app", Wanted)));
        var seen = await EchoAsync(page);
        Assert.Equal(Wanted, seen.Url);
        Assert.Equal(ApplicationSite.Ann, seen.Header("X-Auth-Email"));
        Assert.True(Guid.TryParse(seen.Header("X-Auth-User"), out _));
        Assert.Null(seen.Header("X-Auth-Roles"));

        // Cookies of the application's own arrive, the portal's session does not, wherever it stands among them.
        await page.EvaluateAsync("document.cookie = 'own=1; path=/'");
        await page.ReloadAsync();
        Assert.Equal("own=1", (await EchoAsync(page)).Header("Cookie")?.Trim(' ', ';'));
        var session = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name == "portal_session_shared");
        Assert.Equal(".example.com", session.Domain);
        Assert.True(session.Secure && session.HttpOnly);

        // The login sends a person who is signed in on to the application.
        await page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(site.Url("app", Wanted))}");
        await Assertions.Expect(page).ToHaveURLAsync(Exactly(site.Url("app", Wanted)));

        await page.GotoAsync("/account");
        await new AccountPage(page).SignOutAsync();
        await page.GotoAsync(site.Url("app", "/"));
        await Assertions.Expect(page).ToHaveURLAsync(AtLogin());
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_person_without_an_account_registers_on_the_way_to_an_application()
    {
        var site = shared.Site;
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync(site.Url("app", Wanted));
        await page.GetByRole(AriaRole.Link, new() { Name = "Create one" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/register", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await new RegisterPage(page).TypeAsync("bob@example.com", ApplicationSite.Password);
        await new RegisterPage(page).Submit.ClickAsync();
        await new VerifyPage(page).EnterAsync(await site.Server.CodeForAsync("bob@example.com"));
        await Assertions.Expect(page).ToHaveURLAsync(Exactly(site.Url("app", Wanted)));
        Assert.Equal("bob@example.com", (await EchoAsync(page)).Header("X-Auth-Email"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_sign_in_leads_to_no_host_that_is_not_allowed()
    {
        var site = shared.Site;
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(site.Url("elsewhere", "/"))}");
        await new LoginPage(page).Email.FillAsync(ApplicationSite.Ann);
        await new LoginPage(page).Password.FillAsync(ApplicationSite.Password);
        await new LoginPage(page).Submit.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/account"));
        await page.Context.DisposeAsync();

        using var asked = await site.GetAsync("portal", "/api/auth/check", ("X-Original-URL", site.Url("elsewhere", "/")));
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal(site.Url("portal", "/login"), asked.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_browser_that_gets_the_refusal_of_the_check_itself_comes_to_the_login()
    {
        // As Traefik and Caddy do it.
        var site = shared.Site;
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync("/api/auth/check");
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/login"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task An_application_under_a_path_of_the_portals_host_is_protected_too()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        var (maps, servers) = (Documents.Blocks("forward-auth.md", "nginx")[0], Documents.Blocks("forward-auth.md", "nginx")[1]);
        await using var site = await ApplicationSite.StartAsync(
            settings: 1, maps[..maps.IndexOf("server {", StringComparison.Ordinal)] + servers);
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync(site.Url("portal", "/app/page?a=b"));
        await Assertions.Expect(page).ToHaveURLAsync(AtLogin());
        await new LoginPage(page).Email.FillAsync(ApplicationSite.Ann);
        await new LoginPage(page).Password.FillAsync(ApplicationSite.Password);
        await new LoginPage(page).Submit.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/app/page?a=b"));
        var seen = await EchoAsync(page);
        Assert.Equal(ApplicationSite.Ann, seen.Header("X-Auth-Email"));
        Assert.DoesNotContain("portal_session", seen.Header("Cookie") ?? "", StringComparison.Ordinal);

        await page.GotoAsync("/account");
        await new AccountPage(page).SignOutAsync();
        await page.GotoAsync("/app/");
        await Assertions.Expect(page).ToHaveURLAsync(AtLogin());
        await page.Context.DisposeAsync();

        using var spoofed = await site.GetAsync(
            "portal", "/app/", ("Authorization", $"Bearer {await site.TokenAsync()}"), ("X-Auth-Roles", "Admin"));
        Assert.Null((await spoofed.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!.Header("X-Auth-Roles"));
    }

    /// <summary>To the letter: a text would be compared in the spelling of <see cref="Uri"/>.</summary>
    private static Regex Exactly(string url) => new($"^{Regex.Escape(url)}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static async Task<Echo> EchoAsync(IPage page) => JsonSerializer.Deserialize<Echo>(await page.Locator("pre").InnerTextAsync())!;

    [GeneratedRegex("^https://portal\\.example\\.com:[0-9]+/login\\?returnUrl=", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtLogin();
}
