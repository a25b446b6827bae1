using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>A session's cookie is for pages. In the API it authorises no change, whoever sends it along.</summary>
public sealed class CookieTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private readonly ApiHost api = new();
    private PageBrowser browser = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
        browser = new PageBrowser(api.Portal);
        await browser.SignInAsync(Email);
        await AssertSignedInAsync();

        // Late enough for a page to renew the cookie.
        api.Portal.Wait(TimeSpan.FromHours(7));
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task An_API_request_with_the_session_cookie_alone_is_answered_like_a_strangers()
    {
        foreach (var (method, path) in Routes())
        {
            var stranger = await SendAsync(api.Client, method, path, Json("{}"));
            var mine = await SendAsync(browser.Http, method, path, Json("{}"));

            Assert.False((int)mine.Status < 400, $"{method} {path} answered {(int)mine.Status} to a cookie.");
            Assert.Equal((path, stranger.Status, stranger.Text), (path, mine.Status, mine.Text));
        }
    }

    [Fact]
    public async Task An_API_request_with_the_session_cookie_and_no_body_is_refused()
    {
        foreach (var (method, path) in Routes())
        {
            var mine = await SendAsync(browser.Http, method, path, content: null);

            Assert.False((int)mine.Status < 400, $"{method} {path} answered {(int)mine.Status} to a cookie.");
        }
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task An_API_request_of_another_origin_is_refused_before_its_body_is_read(string origin)
    {
        foreach (var (method, path) in Routes())
        {
            foreach (var type in new[] { "application/json", "text/plain", "application/x-www-form-urlencoded" })
            {
                (await SendAsync(browser.Http, method, path, ApiAssertions.Content("{}", type), origin)).IsProblem(
                    HttpStatusCode.Forbidden, "foreign-origin");
            }
        }
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    public async Task A_CORS_preflight_of_another_origin_is_not_allowed(string origin)
    {
        foreach (var path in Routes().Select(route => route.Path).Append("/api/auth/me"))
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "content-type,authorization");
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(browser.Http, preflight)).Status);

            using var read = new HttpRequestMessage(HttpMethod.Get, path);
            read.Headers.Add("Origin", origin);
            await SendAsync(browser.Http, read);
        }
    }

    [Fact]
    public async Task The_profile_is_not_read_with_the_session_cookie() =>
        (await SendAsync(browser.Http, HttpMethod.Get, "/api/auth/me", content: null)).IsProblem(
            HttpStatusCode.Unauthorized, "not-signed-in");

    [Fact]
    public async Task Refused_API_requests_with_the_cookie_change_neither_account_nor_session_nor_tokens()
    {
        var login = await api.LoginAsync(Email);
        var otp = await api.CodeAsync(Email, "login");

        await An_API_request_with_the_session_cookie_alone_is_answered_like_a_strangers();
        await An_API_request_with_the_session_cookie_and_no_body_is_refused();
        await An_API_request_of_another_origin_is_refused_before_its_body_is_read("https://elsewhere.example");

        await AssertSignedInAsync();
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);
        (await api.PostAsync("refresh", new { refreshToken = login.Of("refreshToken") })).Is(HttpStatusCode.OK);
        (await api.PostAsync("login", new { email = Email, otp })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_logout_with_token_and_cookie_ends_the_tokens_session_and_not_the_cookies()
    {
        var login = await api.LoginAsync(Email);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/logout");
        request.Headers.Authorization = new("Bearer", login.Of("token"));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(browser.Http, request)).Status);

        await AssertSignedInAsync();
    }

    private List<(HttpMethod Method, string Path)> Routes()
    {
        var routes = ApiRoutes.ThatChange(api);
        Assert.Superset(new HashSet<string> { "/api/auth/logout", "/api/auth/login", "/api/auth/forgot-password/reset" },
            routes.Select(route => route.Path).ToHashSet());
        return routes;
    }

    private static ByteArrayContent Json(string text) => ApiAssertions.Content(text, "application/json");

    private static async Task<ApiResponse> SendAsync(
        HttpClient client, HttpMethod method, string path, HttpContent? content, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await SendAsync(client, request);
    }

    /// <summary>Whatever is answered: it sets no cookie, and lets no other origin read it.</summary>
    private static async Task<ApiResponse> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, Cancel);
        var answer = await ApiResponse.OfAsync(response);
        Assert.DoesNotContain(answer.Headers,
            header => header.Key == "Set-Cookie" || header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        return answer;
    }

    private async Task AssertSignedInAsync()
    {
        Assert.NotNull(browser.Cookies.GetAllCookies()["portal_session"]);
        Assert.Contains("You are signed in.", (await browser.GetAsync("/account")).Html, StringComparison.Ordinal);
    }
}
