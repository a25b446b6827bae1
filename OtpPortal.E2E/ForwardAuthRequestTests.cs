using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>
/// Requests of programs to an application behind nginx, with the configuration that stands in <c>docs/forward-auth.md</c>.
/// </summary>
public sealed class ForwardAuthRequestTests(SharedApplicationSite shared) : IClassFixture<SharedApplicationSite>
{
    [Fact]
    public async Task A_program_with_a_token_reaches_the_application_and_its_forged_identity_headers_do_not()
    {
        var site = shared.Site;
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

    [Fact]
    public async Task A_stranger_with_a_browser_is_sent_from_the_application_to_the_login()
    {
        var site = shared.Site;
        var path = NewPath();
        using var response = await site.GetAsync(
            "app", path, ("Accept", "text/html,application/xhtml+xml;q=0.9"), ("X-Auth-User", "somebody"));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(site.Url("portal", $"/login?returnUrl={Uri.EscapeDataString(site.Url("app", path))}"),
            response.Headers.Location!.OriginalString);
        Assert.DoesNotContain(site.Application.Requests, request => request.Url == path);
    }

    [Theory]
    [InlineData("application/json", "X-Nothing", "")]
    [InlineData("*/*", "Authorization", "Bearer void")]
    public async Task A_program_without_a_valid_token_does_not_reach_the_application(string accept, string header, string value)
    {
        var site = shared.Site;
        var path = NewPath();
        using var response = await site.GetAsync("app", path, ("Accept", accept), ("X-Auth-User", "somebody"), (header, value));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.DoesNotContain(site.Application.Requests, request => request.Url == path);
    }

    [Theory]
    [InlineData(1900, true)]
    [InlineData(5000, false)]
    public async Task A_long_address_leads_to_the_login_and_back_as_far_as_it_fits(int length, bool returns)
    {
        var site = shared.Site;
        using var response = await site.GetAsync(
            "app", $"/?q={new string('a', length / 2)}{string.Concat(Enumerable.Repeat("%20", length / 6))}", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(returns, response.Headers.Location!.OriginalString.Contains("returnUrl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_leads_to_the_login_and_back_to_its_page()
    {
        var site = shared.Site;
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
    public async Task A_WebSocket_reaches_the_application_with_a_token_only()
    {
        var site = shared.Site;
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
    public async Task No_request_reaches_the_application_while_the_portal_is_away()
    {
        var site = shared.Site;
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
    public async Task Plain_HTTP_before_an_application_leads_to_HTTPS()
    {
        var site = shared.Site;
        using var response = await site.Client.GetAsync(
            new Uri($"http://app.example.com:{site.Nginx.Plain}/a?b=c"), TestContext.Current.CancellationToken);
        Assert.Equal("https://app.example.com/a?b=c", response.Headers.Location?.ToString());
    }

    private static string NewPath() => $"/stranger/{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}
