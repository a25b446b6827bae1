using System.Net;
using System.Net.WebSockets;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>A sibling host plants cookies, a foreign page opens a circuit, and plain HTTP carries what it should not.</summary>
public sealed class PlantedCookieTests(SharedPortal shared) : IClassFixture<SharedPortal>
{
    private const string Ann = "ann@example.com";

    private static readonly (string Key, string Value) NoCooldown = ("Otp__ForgotPassword__Cooldown", "00:00:00");

    [Fact]
    public async Task Every_cookie_in_Production_is_secure_and_says_in_its_name_that_no_other_host_made_it()
    {
        await using var portal = await PublishedPortal.StartAsync(NoCooldown);
        var cookies = await SecureCookiesAsync(portal);
        Assert.DoesNotContain(cookies, HasDomain);
        Assert.All(cookies, cookie => Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_cookie_in_Production_is_secure_where_the_session_is_shared_with_applications()
    {
        await using var portal = await PublishedPortal.StartAsync(NoCooldown, ("ForwardAuth__CookieDomain", "example.com"),
            ("ForwardAuth__AllowedHosts", "app.example.com"), ("Portal__Address", $"https://{Visitor.PublicHost}"));
        var cookies = await SecureCookiesAsync(portal);
        Assert.Contains(cookies, HasDomain);
        Assert.All(cookies.Where(HasDomain), cookie => Assert.StartsWith("__Secure-", cookie, StringComparison.Ordinal));
        Assert.All(cookies.Where(cookie => !HasDomain(cookie)), cookie => Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_over_plain_HTTP_gets_a_page_that_names_the_setting_of_the_proxy()
    {
        var portal = shared.Portal;
        var plain = portal.NewVisitor(client: "");
        var page = await plain.OpenAsync("/login").Is(HttpStatusCode.OK);
        Assert.All(page.SetCookies, cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));

        // A browser does not keep a cookie that is Secure where the connection is not.
        plain.Cookies.Clear();
        var refused = await plain.SubmitAsync(page, "Sign in", ("Email", Ann), ("Password", Accounts.Password));
        refused.Is(HttpStatusCode.BadRequest);
        Assert.Contains("HTTPS", refused.Text, StringComparison.Ordinal);
        Assert.Contains("ReverseProxy:KnownProxies", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_has_the_security_headers()
    {
        await using var portal = await PublishedPortal.StartAsync(("AllowedHosts", $"{Visitor.PublicHost};127.0.0.1"));
        var anybody = portal.NewVisitor();
        var foreign = new Visitor(new HttpClient(), portal.Address) { Host = "evil.example" };
        List<Reply> replies =
        [
            (await foreign.GetAsync("/")).Is(HttpStatusCode.BadRequest),
            await anybody.GetAsync("/health/live").Is(HttpStatusCode.OK),
            await anybody.GetAsync("/health/ready").Is(HttpStatusCode.OK),
            await anybody.GetAsync("/.well-known/jwks.json").Is(HttpStatusCode.OK),
            await anybody.GetAsync("/api/auth/me").Is(HttpStatusCode.Unauthorized),
            await anybody.GetAsync("/api/nowhere").Is(HttpStatusCode.NotFound),
            await anybody.GetAsync("/nowhere").Is(HttpStatusCode.NotFound),
            await anybody.PostAsync("login", new { nothing = 1 }).Is(HttpStatusCode.BadRequest),
            await anybody.SendAsync(HttpMethod.Post, "/login", new FormUrlEncodedContent([])).Is(HttpStatusCode.BadRequest),
            .. await WalkAsync(portal),
        ];
        foreach (var reply in replies)
        {
            foreach (var name in new[] { "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
                "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy" })
            {
                Assert.True(reply.Header(name) is { Length: > 0 }, $"{reply.Path} ({(int)reply.Status}) has no {name}.");
            }
        }
    }

    [Fact]
    public async Task Browsers_are_told_by_HSTS_to_use_HTTPS_for_a_year()
    {
        var portal = shared.Portal;
        var policy = (await portal.NewVisitor().GetAsync("/login"))
            .Header("Strict-Transport-Security")?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        Assert.Contains("max-age=31536000", policy);
        Assert.Contains("includeSubDomains", policy);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://app.example.com")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_opens_no_circuit(string origin)
    {
        var portal = shared.Portal;
        var browser = portal.NewVisitor();
        Task<Reply> NegotiateAsync(string from) =>
            browser.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", new ByteArrayContent([]), ("Origin", from));
        await NegotiateAsync($"https://{Visitor.PublicHost}").Is(HttpStatusCode.OK);
        var refused = await NegotiateAsync(origin);
        Assert.True(refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden,
            $"{refused.Path} answered {(int)refused.Status}.");

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(portal, $"https://{Visitor.PublicHost}"));
        Assert.Contains(await UpgradeAsync(portal, origin), new[] { HttpStatusCode.BadRequest, HttpStatusCode.Forbidden });
    }

    /// <summary>Opens a WebSocket past the negotiation, as any page can: no browser asks the portal before.</summary>
    private static async Task<HttpStatusCode> UpgradeAsync(PublishedPortal portal, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Host", Visitor.PublicHost);
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.SetRequestHeader("X-Forwarded-For", "203.0.113.5");
        socket.Options.SetRequestHeader("X-Forwarded-Proto", "https");
        try
        {
            await socket.ConnectAsync(new UriBuilder(portal.Address) { Scheme = "ws", Path = "/_blazor" }.Uri,
                TestContext.Current.CancellationToken);
        }
        catch (WebSocketException) when (socket.HttpStatusCode != default)
        {
            // Refused with that status.
        }

        return socket.HttpStatusCode;
    }

    /// <summary>All cookies of a walk through the pages, which must be for HTTPS and out of reach of scripts.</summary>
    private static async Task<List<string>> SecureCookiesAsync(PublishedPortal portal)
    {
        var cookies = (await WalkAsync(portal)).SelectMany(reply => reply.SetCookies).ToList();
        Assert.True(cookies.Select(cookie => cookie.Split('=')[0]).Distinct().Count() >= 4, string.Join('\n', cookies));
        foreach (var cookie in cookies)
        {
            var attributes = cookie.Split(';', StringSplitOptions.TrimEntries)[1..].Select(part => part.ToUpperInvariant()).ToList();
            Assert.Contains("SECURE", attributes);
            Assert.Contains("PATH=/", attributes);
            Assert.Contains("HTTPONLY", attributes);
        }

        return cookies;
    }

    private static bool HasDomain(string cookie) => cookie.Contains("; domain=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Registers, signs in and out and begins a reset on the pages: every answer on the way.</summary>
    private static async Task<IReadOnlyList<Reply>> WalkAsync(PublishedPortal portal)
    {
        var browser = portal.NewVisitor();
        var seen = new List<Reply>();
        async Task<Reply> OpenAsync(string path) => Add(await browser.BrowseAsync(HttpMethod.Get, path, null));
        async Task SubmitAsync(Reply page, string button, params (string, string)[] fields) =>
            Add(await browser.SubmitAsync(page, button, fields));
        Reply Add(Reply reply)
        {
            seen.Add(reply);
            return reply;
        }

        await OpenAsync("/");
        await SubmitAsync(await OpenAsync("/register"), "Create account", ("Email", Ann), ("Password", Accounts.Password),
            ("First name", "Ann"), ("Last name", "Ellis"));
        await SubmitAsync(await OpenAsync("/verify"), "Verify", ("Code", await portal.CodeForAsync(Ann)));
        await SubmitAsync(await OpenAsync("/account"), "Sign out");
        await SubmitAsync(await OpenAsync("/login"), "Sign in", ("Email", Ann), ("Password", Accounts.Password));
        await SubmitAsync(await OpenAsync("/forgot-password"), "Send code", ("Email", Ann));
        await SubmitAsync(await OpenAsync("/verify"), "Verify", ("Code", await portal.CodeForAsync(Ann, 2)));
        await SubmitAsync(await OpenAsync("/reset-password"), "Reset password", ("New password", "four rather small words"));
        await OpenAsync("/login?reset=true");
        return seen;
    }
}
