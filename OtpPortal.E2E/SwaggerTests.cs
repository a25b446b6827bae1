using System.Net;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The page on which to try the API: in Development only, and under the portal's own content security policy.</summary>
public sealed class SwaggerTests(BrowserFixture browsers)
{
    [Fact]
    public async Task The_API_can_be_tried_in_the_browser()
    {
        await using var server = await PortalServer.StartAsync();
        var page = await browsers.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 1400 } });
        var (complaints, hosts) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => hosts.Add(new Uri(request.Url).Authority);
        var swagger = new SwaggerPage(server, page);

        await swagger.OpenAsync();
        await Assertions.Expect(swagger.Title).ToBeVisibleAsync();
        await swagger.Route("POST", "/api/auth/register").ClickAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts, "screens", "swagger.png") });
        await swagger.ExecuteAsync("""{"email":"ann@example.com","password":"three small words"}""");

        await Assertions.Expect(swagger.Answer).ToContainTextAsync("202");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Artifacts, "screens", "swagger-tried.png"), FullPage = true });
        Assert.Equal(6, (await server.CodeForAsync("ann@example.com")).Length);
        Assert.Empty(complaints);
        Assert.Equal([server.Address.Authority], hosts.Where(host => host.Length > 0));
        await page.CloseAsync();
    }

    [Fact]
    public async Task Swagger_does_not_exist_in_Production_and_the_API_description_does()
    {
        await using var server = await PortalServer.StartAsync(
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("Email__Smtp__Host", "smtp.example.com"),
                ("Email__From", "Portal <no-reply@example.com>"));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };

        foreach (var path in new[] { "/swagger", "/swagger/", "/swagger/index.html", "/swagger/swagger-ui-bundle.js" })
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        using var description = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, description.StatusCode);
    }
}
