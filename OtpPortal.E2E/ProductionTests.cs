using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The portal as it is in Production: behind nginx with TLS, its codes by mail.</summary>
public sealed class ProductionTests(BrowserFixture browsers)
{
    private const string Ann = "ann@example.com";
    private const string Password = "three small words";

    [Fact]
    public async Task A_person_registers_with_a_code_from_a_mail_and_every_cookie_is_for_this_host_and_HTTPS_alone()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        await using var site = await ProductionSite.StartAsync(
            Documents.Blocks("operations.md", "nginx").Single(), settings: ("ReverseProxy__KnownProxies", "127.0.0.1"));
        var page = await site.BrowserAsync(browsers);
        var answers = Watch(page);
        var live = page.WaitForResponseAsync(answer => answer.Url.Contains("/_blazor/negotiate", StringComparison.Ordinal));

        await new RegisterPage(page).SubmitAsync(Ann, Password);
        await live;
        await new VerifyPage(page).EnterAsync(await site.CodeForAsync(Ann));
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/account"));
        var cookies = await page.Context.CookiesAsync();
        Assert.Equal(["__Host-portal_browser", "__Host-portal_form", "__Host-portal_session"],
            cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal));
        AssertAllForThisHost(cookies);

        // Out, and in again with the password.
        await new AccountPage(page).SignOutAsync();
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name.Contains("session", StringComparison.Ordinal));
        await page.GotoAsync("/login");
        await new LoginPage(page).Email.FillAsync(Ann);
        await new LoginPage(page).Password.FillAsync(Password);
        await new LoginPage(page).Submit.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/account"));
        AssertAllForThisHost(await page.Context.CookiesAsync());

        // What the browser itself got: every answer, those of files and of the connection for what is live too.
        Assert.Contains(answers, answer => answer.Url.Contains("/_framework/", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.Url.Contains("/_blazor/negotiate", StringComparison.Ordinal));
        Assert.All(answers.ToList(), AssertSecurityHeaders);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task The_pages_work_over_HTTPS_behind_an_unknown_proxy_and_the_log_says_what_to_set()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        await using var site = await ProductionSite.StartAsync(Documents.Blocks("operations.md", "nginx").Single());
        var page = await site.BrowserAsync(browsers);

        await new RegisterPage(page).SubmitAsync(Ann, Password);
        await new VerifyPage(page).EnterAsync(await site.CodeForAsync(Ann));
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/account"));
        AssertAllForThisHost(await page.Context.CookiesAsync());
        await site.Server.SaidAsync("is not named in ReverseProxy:KnownProxies");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_form_over_plain_HTTP_leads_to_a_page_that_says_HTTPS_is_needed()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        await using var site = await ProductionSite.StartAsync(
            "server { listen 80; server_name portal.example.com; location / { proxy_pass http://127.0.0.1:8080; proxy_set_header Host "
                + "$http_host; } }");
        await using var context = await browsers.Browser.NewContextAsync(
            new() { BaseURL = $"http://portal.example.com:{site.Nginx.Plain}", Locale = "en-GB" });
        context.SetDefaultTimeout(Timeouts.Milliseconds);
        var page = await context.NewPageAsync();

        await new RegisterPage(page).SubmitAsync(Ann, Password);

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "HTTPS is required" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("ReverseProxy:KnownProxies")).ToBeVisibleAsync();
        Assert.Empty(site.Mail.Accepted);
    }

    [Fact]
    public async Task A_person_reaches_an_application_with_a_shared_session_that_the_application_never_gets()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        await using var application = EchoApplication.Start();
        await using var site = await ProductionSite.StartAsync(
            Documents.Blocks("forward-auth.md", "nginx")[0],
            application.Address,
            ("Portal__Address", "https://portal.example.com:#"),
            ("ForwardAuth__AllowedHosts", "app.example.com:#"),
            ("ForwardAuth__CookieDomain", "example.com"),
            ("ReverseProxy__KnownProxies", "127.0.0.1"));
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync(site.Url("app", "/deep?a=b"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Create one" }).ClickAsync();
        await new RegisterPage(page).TypeAsync(Ann, Password);
        await new RegisterPage(page).Submit.ClickAsync();
        await new VerifyPage(page).EnterAsync(await site.CodeForAsync(Ann));
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("app", "/deep?a=b"));

        var session = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name.Contains("session", StringComparison.Ordinal));
        Assert.Equal(("__Secure-portal_session_shared", ".example.com", "/", true, true),
            (session.Name, session.Domain, session.Path, session.Secure, session.HttpOnly));
        Assert.All(application.Requests,
            request => Assert.DoesNotContain(session.Value, string.Join('\n', request.Headers.Values), StringComparison.Ordinal));

        // The application plants a second session, for a path of its own, which the browser sends before the person's.
        var before = application.Requests.Count(IsOfThePage);
        await page.EvaluateAsync("document.cookie = '__Secure-portal_session_shared=planted; path=/deep; domain=example.com; secure'");
        var refused = await page.ReloadAsync();
        Assert.Equal(400, refused!.Status);
        Assert.Equal(before, application.Requests.Count(IsOfThePage));
        await page.Context.DisposeAsync();

        // Browsers ask for an icon whenever they like.
        static bool IsOfThePage(Echo request) => request.Url.StartsWith("/deep", StringComparison.Ordinal);
    }

    private static void AssertAllForThisHost(IReadOnlyList<BrowserContextCookiesResult> cookies)
    {
        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie => Assert.Equal(
            (cookie.Name, true, "/", "portal.example.com", true, SameSiteAttribute.Lax),
            ($"__Host-{cookie.Name[7..]}", cookie.Secure, cookie.Path, cookie.Domain, cookie.HttpOnly, cookie.SameSite)));
    }

    private static void AssertSecurityHeaders(IResponse answer)
    {
        var headers = answer.Headers;
        Assert.Equal(
            (answer.Url, "max-age=31536000; includeSubDomains"), (answer.Url, headers.GetValueOrDefault("strict-transport-security")));
        Assert.Equal((answer.Url, "same-origin"), (answer.Url, headers.GetValueOrDefault("cross-origin-resource-policy")));
        Assert.Equal((answer.Url, "nosniff"), (answer.Url, headers.GetValueOrDefault("x-content-type-options")));
    }

    private static List<IResponse> Watch(IPage page)
    {
        var answers = new List<IResponse>();
        page.Response += (_, answer) => answers.Add(answer);
        return answers;
    }
}
