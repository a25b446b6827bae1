using System.Net;
using System.Text;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>What a proxy is told when it asks who somebody is.</summary>
public sealed class ForwardAuthTests(ForwardAuthHost host) : IClassFixture<ForwardAuthHost>
{
    private const string Login = "https://portal.example.com/login";
    private const string Ann = ForwardAuthHost.Ann;

    [Fact]
    public async Task The_check_names_the_person_of_a_cookie_and_of_a_token()
    {
        var token = (await host.Api.LoginAsync(Ann)).Of("token");
        var id = (await host.Api.GetAsync("/api/auth/me", token)).Of("id");
        foreach (var (name, value) in new[] { ("Cookie", await host.CookieAsync(Ann)), ("Authorization", $"Bearer {token}") })
        {
            var answer = (await CheckAsync((name, value))).Is(HttpStatusCode.OK);
            Assert.Equal(id, Header(answer, "X-Auth-User"));
            Assert.Equal(Ann, Header(answer, "X-Auth-Email"));
            Assert.Equal("", Header(answer, "X-Auth-Roles"));
            Assert.Null(answer.Headers.Location);
        }
    }

    [Fact]
    public async Task The_check_sends_an_address_beyond_ASCII_in_UTF_8()
    {
        const string email = "jürgen.müller@example.com";
        await host.Api.VerifiedAsync(email);
        using var client = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
            {
                BaseAddress = host.Api.Client.BaseAddress,
            };
        client.DefaultRequestHeaders.Add("Cookie", await host.CookieAsync(email));
        using var response = await client.GetAsync(new Uri("/api/auth/check", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(email, Assert.Single(response.Headers.GetValues("X-Auth-Email")));
    }

    [Theory]
    [InlineData("Bearer void")]
    [InlineData("Bearer ")]
    [InlineData("Basic YW5uOnNlY3JldA==")]
    public async Task The_check_refuses_an_invalid_token_even_beside_a_valid_cookie(string authorization)
    {
        var answer = (await CheckAsync(("Cookie", await host.CookieAsync(Ann)), ("Authorization", authorization))).Is(
            HttpStatusCode.Unauthorized);
        Assert.Equal("urn:otpportal:problem:wrong-token", answer.Of("type"));
        Assert.False(answer.Headers.Contains("X-Auth-User"));
    }

    [Fact]
    public async Task The_check_refuses_a_session_that_was_ended()
    {
        const string email = "reset@example.com";
        await host.Api.VerifiedAsync(email);
        var cookie = await host.CookieAsync(email);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await CheckAsync(("Cookie", cookie))).Is(HttpStatusCode.OK);

        (await host.Api.PostAsync("forgot-password/send-otp", new { email })).Is(HttpStatusCode.Accepted);
        var reset = (await host.Api.PostAsync(
            "forgot-password/verify-otp", new { email, otp = await host.Api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        (await host.Api.PostAsync("forgot-password/reset",
            new { email, resetToken = reset.Of("resetToken"), newPassword = "quite another one" })).Is(HttpStatusCode.OK);
        (await CheckAsync(("Cookie", cookie))).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_check_keeps_a_used_session_alive_without_a_new_cookie()
    {
        var shared = await host.Api.Portal.SignInAsync(Ann);
        Assert.Equal(("portal_session_shared", "example.com", true), (shared.Name.Value, shared.Domain.Value, shared.HttpOnly));
        var cookie = $"{shared.Name}={shared.Value}";
        for (var i = 0; i < 3; i++)
        {
            host.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
            Assert.False((await CheckAsync(("Cookie", cookie))).Is(HttpStatusCode.OK).Headers.Contains("Set-Cookie"));
        }

        host.Clock.Advance(TimeSpan.FromHours(12));
        (await CheckAsync(("Cookie", cookie))).Is(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("https://app.example.com/deep/path?a=b&c=%2F%20d",
        "?returnUrl=https%3A%2F%2Fapp.example.com%2Fdeep%2Fpath%3Fa%3Db%26c%3D%252F%2520d")]
    [InlineData("https://wiki.example.com:8443/", "?returnUrl=https%3A%2F%2Fwiki.example.com%3A8443%2F")]
    [InlineData("http://app.example.com/", "")]
    [InlineData("https://elsewhere.example/", "")]
    [InlineData("https://app.example.com@elsewhere.example/", "")]
    [InlineData("https://app.example.com.elsewhere.example/", "")]
    [InlineData("//elsewhere.example/", "")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData("/account", "")]
    [InlineData("", "")]
    public async Task The_check_sends_a_stranger_to_a_login_that_returns_to_applications_only(string url, string query)
    {
        var answer = (await CheckAsync(("X-Original-URL", url))).Is(HttpStatusCode.Unauthorized);
        Assert.Equal(Login + query, Header(answer, "Location"));
        Assert.Equal("urn:otpportal:problem:not-signed-in", answer.Of("type"));
        Assert.Equal("no-store", Header(answer, "Cache-Control"));
    }

    [Theory]
    [InlineData("https", "app.example.com", "/a?b=c", "?returnUrl=https%3A%2F%2Fapp.example.com%2Fa%3Fb%3Dc")]
    [InlineData("https", "elsewhere.example", "/", "")]
    [InlineData("https", "app.example.com", "@elsewhere.example/", "")]
    [InlineData("https", "app.example.com", ".elsewhere.example/", "")]
    [InlineData("http", "app.example.com", "/", "")]
    [InlineData("javascript", "app.example.com", "/", "")]
    public async Task The_check_reads_the_three_headers_of_Traefik_and_Caddy(string scheme, string name, string uri, string query)
    {
        var answer = await CheckAsync(("X-Forwarded-Proto", scheme), ("X-Forwarded-Host", name), ("X-Forwarded-Uri", uri));
        Assert.Equal(Login + query, Header(answer.Is(HttpStatusCode.Unauthorized), "Location"));
    }

    [Theory]
    [InlineData("X-Original-Method", "https://app.example.com/form?id=1", "https://app.example.com/form?id=1")]
    [InlineData("X-Forwarded-Method", "https://app.example.com/form?id=1", "https://app.example.com/form?id=1")]
    [InlineData("X-Original-Method", "https://elsewhere.example/form", "https://app.example.com/")]
    [InlineData("X-Original-Method", "https://app.example.com.elsewhere.example/", "https://app.example.com/")]
    public async Task The_login_after_a_refused_form_returns_to_the_page_of_the_form(string header, string page, string returns)
    {
        var answer = await CheckAsync(("X-Original-URL", "https://app.example.com/save?token=1"), (header, "POST"), ("Referer", page));
        Assert.Equal($"{Login}?returnUrl={Uri.EscapeDataString(returns)}", Header(answer, "Location"));
    }

    [Fact]
    public async Task The_login_after_a_refused_form_without_a_referrer_returns_to_the_start_of_the_application()
    {
        var answer = await CheckAsync(("X-Original-URL", "https://app.example.com/save?token=1"), ("X-Original-Method", "POST"));
        Assert.Equal($"{Login}?returnUrl={Uri.EscapeDataString("https://app.example.com/")}", Header(answer, "Location"));
    }

    [Fact]
    public async Task The_check_answers_a_browser_with_a_page_that_goes_to_the_login()
    {
        var answer = (await CheckAsync(("X-Original-URL", "https://app.example.com/?a=\"><script>"), ("Accept", "text/html,*/*;q=0.8"))).Is(
            HttpStatusCode.Unauthorized);
        Assert.Equal("text/html", answer.MediaType);
        Assert.Contains($"content=\"0; url={Header(answer, "Location")}\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Text, StringComparison.Ordinal);
        Assert.Equal("Bearer", Header(answer, "WWW-Authenticate"));
    }

    [Theory]
    [InlineData("https://app.example.com/a?b=c", "https://app.example.com/a?b=c")]
    [InlineData("/account", "PORTAL/account")]
    public async Task The_login_sends_a_signed_in_person_on_to_the_application(string returnUrl, string goesTo)
    {
        var answer = (await LoginOfSignedInAsync(returnUrl)).Is(HttpStatusCode.Redirect);
        var portal = host.Api.Client.BaseAddress!;
        Assert.Equal(goesTo, new Uri(portal, answer.Headers.Location!).ToString()
            .Replace(portal.GetLeftPart(UriPartial.Authority), "PORTAL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("")]
    public async Task The_login_sends_a_signed_in_person_on_to_no_foreign_host(string returnUrl) =>
        Assert.Null((await LoginOfSignedInAsync(returnUrl)).Is(HttpStatusCode.OK).Headers.Location);

    [Fact]
    public async Task The_login_passes_the_return_address_on_to_the_other_ways_to_sign_in()
    {
        var answer = (await SendAsync("/login?returnUrl=https%3A%2F%2Fapp.example.com%2F")).Is(HttpStatusCode.OK);
        Assert.Contains("href=\"/register?returnUrl=https%3A%2F%2Fapp.example.com%2F\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/forgot-password?returnUrl=https%3A%2F%2Fapp.example.com%2F\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_content_security_policy_lets_forms_lead_to_the_applications_alone() =>
        Assert.EndsWith("; form-action 'self' app.example.com wiki.example.com:8443",
            Header(await SendAsync("/login"), "Content-Security-Policy"), StringComparison.Ordinal);

    private static string Header(ApiResponse answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private async Task<ApiResponse> LoginOfSignedInAsync(string returnUrl) =>
        await SendAsync($"/login?returnUrl={Uri.EscapeDataString(returnUrl)}", ("Cookie", await host.CookieAsync(Ann)));

    private Task<ApiResponse> CheckAsync(params (string Name, string Value)[] headers) => SendAsync("/api/auth/check", headers);

    private async Task<ApiResponse> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await host.Api.SendAsync(request);
    }
}
