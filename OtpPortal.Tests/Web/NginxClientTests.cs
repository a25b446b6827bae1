using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>Who the client is behind a real nginx, and behind two in a row, each with an address of its own towards the portal.</summary>
public sealed class NginxClientTests
{
    private const string First = "127.0.0.2";
    private const string Second = "127.0.0.3";
    private const string Client = "127.0.0.7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 1, First, false)]
    [InlineData("", 2, Second, false)]
    [InlineData(First, 1, Client, true)]
    [InlineData(First, 2, Second, false)]
    [InlineData("127.0.0.2, 127.0.0.3", 1, Client, true)]
    [InlineData("127.0.0.2, 127.0.0.3", 2, Client, true)]
    [InlineData("127.0.0.2/31", 2, Client, true)]
    [InlineData(Second, 2, First, true)]
    public async Task The_client_that_nginx_saw_counts_for_the_limit_the_log_and_the_scheme(
        string known, int proxies, string client, bool isHttps)
    {
        Assert.SkipUnless(Nginx.Program is not null, Nginx.Missing);
        await using var api = await ApiHost.StartAsync(
            ("RateLimits:Enabled", "true"), ("RateLimits:SendsPerMinute", "3"), ("ReverseProxy:KnownProxies", known));
        var portal = new UriBuilder(api.Portal.ClientOptions.BaseAddress) { Host = "127.0.0.1" }.Uri;
        await using var inner = new Nginx();
        await using var outer = new Nginx();
        await inner.StartAsync(Server("listen 80;", Second, "$http_x_forwarded_proto"), portal);
        Uri[] upstreams = [portal, new($"http://127.0.0.1:{inner.Plain}")];
        await outer.StartAsync(
            Server("listen 443 ssl;\nssl_certificate x;\nssl_certificate_key x;", First, "$scheme"), upstreams[proxies - 1]);
        using var browser = new HttpClient(Through()) { BaseAddress = new Uri($"https://portal.example.com:{outer.Tls}") };

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests],
            await RequestFourCodesAsync(browser));
        Assert.Equal([client, client, client],
            await api.Portal.ReadAsync(db => db.Activity.Where(row => row.Kind == ActivityEventKind.DecoySent).Select(row => row.Client)
                .ToListAsync(Cancel)));
        using var page = await browser.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(isHttps, Assert.Single(page.Headers.GetValues("Set-Cookie")).Contains("; secure", StringComparison.Ordinal));

        // Past the proxies, what is forged counts for nothing.
        using var direct = Peer.From("127.0.0.9", portal);
        direct.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.1, {First}");
        using var last = await direct.PostAsJsonAsync(
            "/api/auth/send-email-otp", new { email = "last@example.com", purpose = "login" }, Cancel);
        Assert.Equal("127.0.0.9",
            await api.Portal.ReadAsync(db => db.Activity.Where(row => row.Address == "last@example.com").Select(row => row.Client)
                .SingleAsync(Cancel)));
    }

    /// <summary>The client says in each request that it is somebody else.</summary>
    private static async Task<List<HttpStatusCode>> RequestFourCodesAsync(HttpClient browser)
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 1; i <= 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/send-email-otp")
            {
                Content = JsonContent.Create(new { email = $"ann{i}@example.com", purpose = "login" }),
            };
            request.Headers.Add("X-Forwarded-For", $"198.51.100.{i}");
            request.Headers.Add("X-Forwarded-Proto", "ftp");
            using var sent = await browser.SendAsync(request, Cancel);
            answers.Add(sent.StatusCode);
        }

        return answers;
    }

    private static string Server(string listen, string address, string scheme) => $$"""
        server {
            {{listen}}
            location / {
                proxy_pass http://127.0.0.1:8080;
                proxy_bind {{address}};
                proxy_set_header Host              $http_host;
                proxy_set_header X-Forwarded-For   $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto {{scheme}};
            }
        }
        """;

    private static SocketsHttpHandler Through()
    {
        var handler = Peer.Handler(Client);
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };
        return handler;
    }
}
