using System.Net;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The portal behind nginx, with the configuration and the settings that stand in <c>docs/operations.md</c>.</summary>
public sealed class NginxTests(BrowserFixture browsers)
{
    [Fact]
    public async Task The_portal_works_behind_nginx_as_the_operations_document_configures_it()
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        var said = Documents.Settings(Documents.Blocks("operations.md", "sh")
            .First(block => block.Contains("ReverseProxy__KnownProxies", StringComparison.Ordinal)));
        await using var nginx = new Nginx();
        await using var server = await PortalServer.StartAsync(
            ("ReverseProxy__KnownProxies", said["ReverseProxy__KnownProxies"]), ("AllowedHosts", $"{said["AllowedHosts"]};127.0.0.1"));
        await nginx.StartAsync(Documents.Blocks("operations.md", "nginx").Single(), server.Address);
        var address = $"https://portal.example.com:{nginx.Tls}";
        await using var context = await browsers.Browser.NewContextAsync(
            new() { BaseURL = address, IgnoreHTTPSErrors = true, Locale = "en-GB" });
        context.SetDefaultTimeout(Timeouts.Milliseconds);
        var page = await context.NewPageAsync();

        // The live countdown is there only if the WebSocket gets through.
        var socket = page.WaitForWebSocketAsync(
            new() { Predicate = socket =>
                socket.Url.StartsWith($"wss://portal.example.com:{nginx.Tls}/_blazor", StringComparison.Ordinal) });
        await new RegisterPage(page).SubmitAsync("ann@example.com", "three small words");
        var opened = await socket;
        await Assertions.Expect(new VerifyPage(page).Countdown).ToBeVisibleAsync();
        Assert.False(opened.IsClosed);

        await new VerifyPage(page).EnterAsync(await server.CodeForAsync("ann@example.com"));
        await Assertions.Expect(page).ToHaveURLAsync($"{address}/account");
        Assert.All(await context.CookiesAsync(), cookie => Assert.True(cookie.Secure, $"{cookie.Name} is not for HTTPS only."));

        await new AccountPage(page).SignOutAsync();
        await RequestCodeWithLongestHeadAsync(page);

        using var client = nginx.NewClient();
        using var plain = await client.GetAsync(
            new Uri($"http://portal.example.com:{nginx.Plain}/login?a=b"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, plain.StatusCode);
        Assert.Equal("https://portal.example.com/login?a=b", plain.Headers.Location?.ToString());
    }

    /// <summary>
    /// The longest address, on the way to the longest page: both stand in a cookie meanwhile, and no answer has a longer head.
    /// </summary>
    private static async Task RequestCodeWithLongestHeadAsync(IPage page)
    {
        await page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString("/account?q=".PadRight(2000, 'a'))}");
        await new LoginPage(page).Email.FillAsync($"{new string('a', 60)}@{string.Concat(Enumerable.Repeat("mail.", 35))}example.com");
        await new LoginPage(page).EmailCode.ClickAsync();
        await Assertions.Expect(new VerifyPage(page).Code).ToBeVisibleAsync();
    }
}
