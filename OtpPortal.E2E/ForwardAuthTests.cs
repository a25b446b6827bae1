using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>An application behind nginx, with the configuration that stands in <c>docs/forward-auth.md</c>.</summary>
public sealed partial class ForwardAuthTests(
    ForwardAuthTests.Started started, BrowserFixture browsers) : IClassFixture<ForwardAuthTests.Started>
{
    private const string Wanted = "/deep/page?a=b&c=%2Fd%20e&f=%C3%BC";

    [Fact]
    public async Task A_person_comes_to_the_application_signs_in_with_a_code_is_where_they_wanted_to_be_and_signs_out()
    {
        var site = Site();
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

        // Who is signed in and comes to the login all the same goes on.
        await page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(site.Url("app", Wanted))}");
        await Assertions.Expect(page).ToHaveURLAsync(Exactly(site.Url("app", Wanted)));

        await page.GotoAsync("/account");
        await new AccountPage(page).SignOutAsync();
        await page.GotoAsync(site.Url("app", "/"));
        await Assertions.Expect(page).ToHaveURLAsync(AtLogin());
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_person_without_an_account_registers_on_the_way_to_the_application()
    {
        var site = Site();
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
    public async Task After_signing_in_nobody_is_taken_to_a_host_that_is_not_allowed()
    {
        var site = Site();
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
    public async Task A_browser_that_is_handed_the_refusal_itself_comes_to_the_login()
    {
        // As Traefik and Caddy do it.
        var site = Site();
        var page = await site.BrowserAsync(browsers);
        await page.GotoAsync("/api/auth/check");
        await Assertions.Expect(page).ToHaveURLAsync(site.Url("portal", "/login"));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_program_gets_through_with_a_token_and_what_it_made_up_does_not()
    {
        var site = Site();
        var token = await site.TokenAsync();
        using var response = await site.GetAsync(
            "app",
            "/",
            ("Authorization", $"Bearer {token}"),
            ("X-Auth-User", "somebody"),
            ("X-Auth-Email", "boss@example.com"),
            ("x-auth-roles", "Admin"),
            ("X_Auth_Roles", "Admin"),
            ("Cookie", "first=1; portal_session_shared=void; last=2"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = (await response.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!;
        Assert.Equal(ApplicationSite.Ann, seen.Header("X-Auth-Email"));
        Assert.True(Guid.TryParse(seen.Header("X-Auth-User"), out _));
        Assert.DoesNotContain(seen.Headers,
            header => header.Value.Contains("Admin", StringComparison.Ordinal) || header.Value.Contains(token, StringComparison.Ordinal));
        Assert.Equal("first=1; last=2", seen.Header("Cookie"));
    }

    [Theory]

    // One session, which is taken out wherever it stands and however it is written.
    [InlineData("portal_session_shared=S", null)]
    [InlineData("portal_session_shared=S; a=1; b=2", "a=1; b=2")]
    [InlineData("a=1; portal_session_shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; b=2; portal_session_shared=S", "a=1; b=2")]
    [InlineData("a=1; __Secure-portal_session_shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __Host-portal_session=S; b=2", "a=1; b=2")]
    [InlineData("a=1; portal_session=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __secure-PORTAL_Session_Shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __Secure-portal_session_sharedC1=S; b=2", "a=1; b=2")]
    [InlineData("a=1;portal_session_shared=S;b=2", "a=1;b=2")]
    [InlineData("a=1;    portal_session_shared   =  S  ;   b=2", "a=1;    b=2")]
    [InlineData("a=1;\tportal_session_shared\t=S;\tb=2", "a=1;\tb=2")]
    [InlineData("a=1; portal_session_shared=\"S\"; b=2", "a=1; b=2")]
    [InlineData("a=\"1; portal_session_shared=S\"; b=2", "a=\"1; b=2")]
    [InlineData("a=1,portal_session_shared=S; b=2", "a=1,b=2")]
    [InlineData("a=1; portal_session_shared; b=2", "a=1; b=2")]
    [InlineData(";; portal_session_shared=S;; b=2", ";; ; b=2")]
    [InlineData("a=1 |portal_session_shared=S|b=2", "a=1; b=2")]

    // Cookies that only look like it are the application's.
    [InlineData(
        "my_portal_session=S; portal_sessions=S; portal_session_mine=S", "my_portal_session=S; portal_sessions=S; portal_session_mine=S")]
    [InlineData("__Secure-my_portal_session_shared=S; portal_session_sharedCx=S; xportal_session_shared=S",
        "__Secure-my_portal_session_shared=S; portal_session_sharedCx=S; xportal_session_shared=S")]
    [InlineData("a=portal_session_shared=S; b=2", "a=portal_session_shared=S; b=2")]
    [InlineData("a=1; b=2", "a=1; b=2")]
    [InlineData("", null)]
    public async Task The_application_gets_every_cookie_but_the_portals_session(string cookies, string? expected)
    {
        var site = Site();
        using var response = await WithCookiesAsync(site, cookies);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected,
            (await response.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!.Header("Cookie")?.TrimEnd(' ', ';'));
    }

    [Theory]
    [InlineData("portal_session_shared=S; portal_session_shared=T")]
    [InlineData("portal_session_shared=S|portal_session_shared=T")]
    [InlineData("a=1|b=2; portal_session_shared=S|c=3; portal_session_shared=T; d=4")]
    [InlineData("a=1; portal_session_shared=S; b=2; portal_session_shared=T; c=3")]
    [InlineData("portal_session_shared=S;portal_session_shared=T")]
    [InlineData("portal_session_shared=S;  portal_session_shared  =T")]
    [InlineData("portal_session_shared=S; PORTAL_SESSION_SHARED=T")]
    [InlineData("portal_session_shared=S; __Secure-portal_session_shared=T")]
    [InlineData("__Secure-portal_session_shared=S; __secure-portal_session_shared=T")]
    [InlineData("portal_session=S; portal_session_shared=T")]
    [InlineData("portal_session_shared=\"S\"; portal_session_shared=\"T\"")]
    [InlineData("portal_session_shared=; portal_session_shared=T")]
    [InlineData("portal_session_shared; portal_session_shared=T")]
    [InlineData("portal_session_shared=S; portal_session_sharedC1=T; portal_session_sharedC2=U")]
    [InlineData("portal_session_shared=S,portal_session_shared=T")]
    [InlineData("portal_session_shared=S; a=1; portal_session_shared=T; b=2; portal_session_shared=U")]
    public async Task A_request_with_two_sessions_reaches_no_application(string cookies)
    {
        var site = Site();
        var before = site.Application.Requests.Count;
        using var response = await WithCookiesAsync(site, cookies);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, site.Application.Requests.Count);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml;q=0.9", null)]
    [InlineData("application/json", null)]
    [InlineData("*/*", "Bearer void")]
    public async Task A_stranger_does_not_reach_the_application(string accept, string? authorization)
    {
        var site = Site();
        var path = $"/stranger/{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        using var response = await site.GetAsync(
            "app", path, ("Accept", accept), ("X-Auth-User", "somebody"),
                authorization is null ? ("X-Nothing", "") : ("Authorization", authorization));
        if (accept.Contains("html", StringComparison.Ordinal))
        {
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            Assert.Equal(site.Url("portal", $"/login?returnUrl={Uri.EscapeDataString(site.Url("app", path))}"),
                response.Headers.Location!.OriginalString);
        }
        else
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Null(response.Headers.Location);
        }

        Assert.DoesNotContain(site.Application.Requests, request => request.Url == path);
    }

    [Theory]
    [InlineData(1900, true)]
    [InlineData(5000, false)]
    public async Task A_long_address_leads_to_the_login_too(int length, bool returns)
    {
        var site = Site();
        using var response = await site.GetAsync(
            "app", $"/?q={new string('a', length / 2)}{string.Concat(Enumerable.Repeat("%20", length / 6))}", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(returns, response.Headers.Location!.OriginalString.Contains("returnUrl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_sent_too_late_leads_back_to_its_page()
    {
        var site = Site();
        using var request = new HttpRequestMessage(HttpMethod.Post, site.Url("app", "/save"))
        {
            Content = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Referrer = new Uri(site.Url("app", "/form?id=1"));
        using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.EndsWith($"returnUrl={Uri.EscapeDataString(site.Url("app", "/form?id=1"))}", response.Headers.Location!.OriginalString,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_gets_through_with_a_token_and_not_without()
    {
        var site = Site();
        var address = new Uri(site.Url("app", "/socket").Replace("https:", "wss:", StringComparison.Ordinal));
        using var invoker = new HttpMessageInvoker(site.Nginx.NewHandler());
        using var stranger = new ClientWebSocket();
        stranger.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(address, invoker, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.HttpStatusCode);

        using var ann = new ClientWebSocket();
        ann.Options.SetRequestHeader("Authorization", $"Bearer {await site.TokenAsync()}");
        await ann.ConnectAsync(address, invoker, TestContext.Current.CancellationToken);
        await ann.SendAsync(
            Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var buffer = new byte[100];
        var got = await ann.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    [Fact]
    public async Task While_the_portal_is_away_nobody_gets_through()
    {
        var site = Site();
        var token = await site.TokenAsync();
        await site.Server.KillAsync();
        try
        {
            using var response = await site.GetAsync("app", "/while-away", ("Authorization", $"Bearer {token}"));
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.DoesNotContain(site.Application.Requests, request => request.Url == "/while-away");
        }
        finally
        {
            await site.Server.StartAsync();
        }
    }

    [Fact]
    public async Task Plain_http_leads_to_https()
    {
        var site = Site();
        using var response = await site.Client.GetAsync(
            new Uri($"http://app.example.com:{site.Nginx.Plain}/a?b=c"), TestContext.Current.CancellationToken);
        Assert.Equal("https://app.example.com/a?b=c", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task On_one_host_the_application_lies_under_a_path()
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

    /// <summary>
    /// Asks for the application with the token of Ann and these cookies; | begins another line of the header. Sent as bytes, because no
    /// client library would.
    /// </summary>
    private static async Task<HttpResponseMessage> WithCookiesAsync(ApplicationSite site, string cookies)
    {
        await using var stream = await site.Nginx.ConnectAsync(TestContext.Current.CancellationToken);
        var lines = string.Concat(cookies.Split('|').Where(line => line.Length > 0).Select(line => $"Cookie: {line}\r\n"));
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"GET / HTTP/1.1\r\nHost: app.example.com:{site.Nginx.Tls}\r\nAuthorization: Bearer "
                    + $"{await site.TokenAsync()}\r\n{lines}Connection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

        // The application answers in chunks.
        var json = body.Contains('{', StringComparison.Ordinal)
            ? body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)]
            : body;
        return new HttpResponseMessage((HttpStatusCode)int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
    }

    private ApplicationSite Site()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        return started.Site!;
    }

    [GeneratedRegex("^https://portal\\.example\\.com:[0-9]+/login\\?returnUrl=", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AtLogin();

    /// <summary>The site on sub-domains of one domain.</summary>
    public sealed class Started : IAsyncLifetime
    {
        /// <summary>Null where there is no nginx.</summary>
        public ApplicationSite? Site { get; private set; }

        public async ValueTask InitializeAsync() =>
            Site = Nginx.Program is null
                ? null
                : await ApplicationSite.StartAsync(settings: 0, Documents.Blocks("forward-auth.md", "nginx")[0]);

        public ValueTask DisposeAsync() => Site?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
