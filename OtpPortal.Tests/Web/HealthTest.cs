using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtpPortal.Delivery;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>What a load balancer asks a portal that listens.</summary>
public abstract class HealthTest : IAsyncLifetime
{
    private protected const string Ready = """{"status":"ready","delivery":"ready","database":"ready"}""";

    private protected readonly ScriptedProbe probe = new();
    private protected readonly PortalHost portal;
    private protected HttpClient client = null!;

    private readonly CollectedLogs logs = new();

    private protected HealthTest() =>
        portal = new PortalHost
        {
            Logs = logs,
            Configure = services => services.Replace(ServiceDescriptor.Singleton<IMailProbe>(probe)),
        }.With("AllowedHosts", "portal.example.com").With("RateLimits:Enabled", "true").With("RateLimits:SendsPerMinute", "1");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal.UseKestrel(0);
        await portal.StartAsync();
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        logs.Dispose();
        await portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected IReadOnlyList<LogLine> Reported() => [.. logs.Lines.Where(line => line.Category == "OtpPortal.Web.HealthLog")];

    private protected async Task IsAsync(HttpStatusCode status, string body, string path = "/health/ready") =>
        Assert.Equal((status, body), await GetAsync(path));

    private protected async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(response.Headers, header => header.Key is "Set-Cookie" or "Server");
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
