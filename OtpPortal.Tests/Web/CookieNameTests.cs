using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>What the portal's cookies are called, and over what and to whom browsers send them.</summary>
public sealed class CookieNameTests
{
    private static readonly string[] Names = ["portal_browser", "portal_flow", "portal_form", "portal_mobile"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production", null, "__Host-", "__Host-portal_session")]
    [InlineData("Staging", null, "__Host-", "__Host-portal_session")]
    [InlineData("Production", "example.com", "__Host-", "__Secure-portal_session_shared")]
    [InlineData("Development", null, "", "portal_session")]
    [InlineData("Development", "example.com", "", "portal_session_shared")]
    public async Task A_sibling_host_cannot_plant_a_cookie_outside_Development(
        string environment, string? domain, string prefix, string session)
    {
        await using var portal = new PortalHost { Environment = environment, Configure = PortalHost.HashQuickly };
        portal.With("ForwardAuth:CookieDomain", domain ?? "").With("Portal:Address", "https://portal.example.com").UseKestrel(0);
        await portal.StartAsync();
        await AddAsync(portal, "ann@example.com");
        var isSecure = environment != "Development";

        // Over plain HTTP, which is what a portal behind a proxy that nobody named takes everything for.
        var written = Written(portal);
        Assert.Equal(Names.Select(name => prefix + name), written.Select(cookie => cookie.Name.Value!).Order(StringComparer.Ordinal));
        Assert.All(written, cookie =>
        {
            Assert.Equal((isSecure, "/", null, true), (cookie.Secure, cookie.Path.Value, cookie.Domain.Value, cookie.HttpOnly));
            Assert.Equal(Microsoft.Net.Http.Headers.SameSiteMode.Lax, cookie.SameSite);
        });
        var given = await portal.SignInAsync("ann@example.com");
        Assert.Equal((session, isSecure, "/", domain), (given.Name.Value, given.Secure, given.Path.Value, given.Domain.Value));

        // What is written is read.
        using var browser = await portal.BrowserOfAsync("ann@example.com");
        using var account = await browser.GetAsync(new Uri("/account", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, account.StatusCode);
    }

    [Fact]
    public async Task A_session_cookie_with_the_name_of_Development_is_ignored_and_deleted_outside_it()
    {
        await using var portal = new PortalHost { Environment = "Production", Configure = PortalHost.HashQuickly };
        portal.UseKestrel(0);
        await portal.StartAsync();
        await AddAsync(portal, "ann@example.com");
        var session = await portal.SignInAsync("ann@example.com");

        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        browser.DefaultRequestHeaders.Add("Cookie", $"portal_session={session.Value}");
        using var account = await browser.GetAsync(new Uri("/account", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, account.StatusCode);

        var again = await portal.SetBySignInAsync("ann@example.com", $"portal_session={session.Value}");
        Assert.Contains(again, cookie => cookie.Name == "portal_session" && cookie.Expires < DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.Contains(again, cookie => cookie.Name == "__Host-portal_session" && cookie.Value.Length > 0);
    }

    [Fact]
    public async Task A_form_over_plain_HTTP_without_its_cookie_gets_a_page_that_says_HTTPS_is_needed()
    {
        await using var portal = new PortalHost { Environment = "Production" };
        portal.UseKestrel(0);
        await portal.StartAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        using var form = await browser.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        var token = HtmlForms.Find(await form.Content.ReadAsStringAsync(Cancel), "login")![HtmlForms.Token];

        foreach (var path in new[] { "/login", "/register", "/forgot-password", "/verify" })
        {
            using var refused = await PostAsync(browser, path, token, cookie: null);
            var page = await refused.Content.ReadAsStringAsync(Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("<h1>HTTPS is required</h1>", page, StringComparison.Ordinal);
            Assert.Contains("ReverseProxy:KnownProxies", page, StringComparison.Ordinal);
        }

        // Behind a proxy that ends TLS and is not named the cookie does arrive, and the form is taken. A wrong token is another matter.
        var cookie = SetCookieHeaderValue.Parse(form.Headers.GetValues("Set-Cookie").Single());
        using var taken = await PostAsync(browser, "/login", token, $"{cookie.Name}={cookie.Value}");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var wrong = await PostAsync(browser, "/login", "made-up", $"{cookie.Name}={cookie.Value}");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("HTTPS is required", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "http", "/login?returnUrl=%2Faccount")]
    [InlineData("Production", "https", "https://portal.example.com/login?returnUrl=%2Faccount")]
    [InlineData("Development", "http", "http://portal.example.com/login?returnUrl=%2Faccount")]
    public async Task A_redirect_does_not_lead_away_from_HTTPS_behind_an_unknown_proxy(
        string environment, string scheme, string expected)
    {
        await using var portal = new PortalHost { Environment = environment };
        portal.With("ReverseProxy:KnownProxies", "127.0.0.1").UseKestrel(0);
        await portal.StartAsync();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account") { Headers = { Host = "portal.example.com" } };
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var answer = await browser.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.Redirect, expected), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task A_form_without_its_cookie_is_not_told_to_use_HTTPS_in_Development_or_over_HTTPS()
    {
        foreach (var (environment, scheme) in new[] { ("Development", "http"), ("Production", "https") })
        {
            await using var portal = new PortalHost { Environment = environment };
            portal.With("ReverseProxy:KnownProxies", "127.0.0.1").UseKestrel(0);
            await portal.StartAsync();
            using var browser = new HttpClient { BaseAddress = portal.ClientOptions.BaseAddress };
            browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
            browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);

            using var refused = await PostAsync(browser, "/login", "made-up", cookie: null);

            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.DoesNotContain("HTTPS is required", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    /// <summary>All cookies that the portal's own classes write, into the answer to one request over plain HTTP.</summary>
    private static IList<SetCookieHeaderValue> Written(PortalHost portal)
    {
        var context = new DefaultHttpContext { RequestServices = portal.Services };
        BrowserBinding.Read(context);
        portal.Services.GetRequiredService<Flows>().Begin(context, new Flow("ann@example.com", CodeUse.SignIn));
        portal.Services.GetRequiredService<KnownMobile>().Remember(context, "•••• 123");
        portal.Services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        return SetCookieHeaderValue.ParseList(context.Response.Headers.SetCookie.ToList()!);
    }

    private static Task AddAsync(PortalHost portal, string email) => portal.Lane.RunAsync(
        async db =>
        {
            db.Users.Add(new PortalUser
            {
                Email = email, NormalizedEmail = email, UserName = email, NormalizedUserName = email, EmailConfirmed = true,
                    SecurityStamp = "a stamp", RegisteredAt = DateTimeOffset.UnixEpoch,
            });
            await db.SaveChangesAsync();
        },
        Cancel);

    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string token, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(
                [KeyValuePair.Create(HtmlForms.Token, token), KeyValuePair.Create("_handler", "login"),
                    KeyValuePair.Create("Input.Email", "ann@example.com")]),
        };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await browser.SendAsync(request, Cancel);
    }
}
