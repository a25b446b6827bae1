using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>
/// An application behind nginx and the portal, set up as <c>docs/forward-auth.md</c> says, with its settings and its nginx
/// configuration.
/// </summary>
public sealed class ApplicationSite : IAsyncDisposable
{
    public const string Ann = "ann@example.com";
    public const string Password = "three small words";

    private ApplicationSite(PortalServer server, Nginx nginx, EchoApplication application)
    {
        Server = server;
        Nginx = nginx;
        Application = application;
        Client = nginx.NewClient();
    }

    public PortalServer Server { get; }

    public Nginx Nginx { get; }

    public EchoApplication Application { get; }

    /// <summary>A program on this machine.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts it, with the account of Ann.</summary>
    /// <param name="settings">The number of the block of settings in the document.</param>
    /// <param name="nginx">The nginx configuration.</param>
    public static async Task<ApplicationSite> StartAsync(int settings, string nginx)
    {
        var proxy = new Nginx();
        var said = Documents.Settings(Documents.Blocks("forward-auth.md", "sh")[settings]);

        // The test's port is not the usual one, and its inbox is read past the proxy.
        said["Portal__Address"] += $":{proxy.Tls}";
        said["ForwardAuth__AllowedHosts"] += $":{proxy.Tls}";
        said["AllowedHosts"] += ";127.0.0.1";
        var server = await PortalServer.StartAsync(
            [.. said.Select(setting => (setting.Key, setting.Value)), ("Otp__Login__Cooldown", "00:00:00")]);
        var application = EchoApplication.Start();
        await proxy.StartAsync(nginx, server.Address, application.Address);
        var site = new ApplicationSite(server, proxy, application);
        await site.PostAsync("register", new { email = Ann, password = Password });
        await site.PostAsync("verify-email-otp", new { email = Ann, otp = await server.CodeForAsync(Ann) });
        return site;
    }

    /// <summary>An address behind nginx.</summary>
    public string Url(string host, string path) => $"https://{host}.example.com:{Nginx.Tls}{path}";

    /// <summary>Posts to the portal's API.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Client.PostAsJsonAsync(Url("portal", $"/api/auth/{path}"), body);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>())!;
    }

    /// <summary>An access token of Ann.</summary>
    public async Task<string> TokenAsync() =>
        (await PostAsync("login", new { email = Ann, password = Password })).GetProperty("token").GetString()!;

    /// <summary>Asks for an address behind nginx.</summary>
    public async Task<HttpResponseMessage> GetAsync(string host, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(host, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A browser that takes the certificate.</summary>
    public async Task<IPage> BrowserAsync(BrowserFixture browsers)
    {
        var context = await browsers.Browser.NewContextAsync(
            new() { BaseURL = Url("portal", "/"), IgnoreHTTPSErrors = true, Locale = "en-GB" });
        context.SetDefaultTimeout(Timeouts.Milliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Nginx.DisposeAsync();
        await Application.DisposeAsync();
        await Server.DisposeAsync();
    }
}
