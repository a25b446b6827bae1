using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>
/// Walks every endpoint of the running program, and what answers before there is one: all of it carries the security headers.
/// </summary>
public sealed class EveryAnswerTests
{
    private const string Hsts = "Strict-Transport-Security";

    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "same-origin",
        ["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Every_endpoint_answers_with_all_security_headers(string environment)
    {
        await using var portal = await StartAsync(environment);
        using var client = Proxy(portal);
        var walked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, declared) in Endpoints(portal))
        {
            foreach (var method in declared.Append("GET").Append("POST").Append("OPTIONS").Distinct(StringComparer.Ordinal))
            {
                await CheckAsync(client, method, path, "portal.example.com", environment != "Development");
            }

            walked.Add(path);
        }

        // A walk over nothing would pass.
        foreach (var path in new[] { "/", "/login", "/verify", "/account", "/api/auth/login", "/api/auth/me", "/api/auth/check",
            "/api/admin/otp-stats", "/admin/otp", "/.well-known/jwks.json", "/openapi/v1.json", "/_blazor", "/portal.css" })
        {
            Assert.Contains(path, walked);
        }

        Assert.True(walked.Count > 40, $"Only {walked.Count} endpoints were found.");
    }

    [Theory]
    [InlineData("GET", "/health/live", "portal.example.com", 200)]
    [InlineData("GET", "/health/ready", "portal.example.com", 200)]
    [InlineData("POST", "/health/live", "portal.example.com", 405)]
    [InlineData("GET", "/health/live", "10.0.0.1", 200)]
    [InlineData("GET", "/", "evil.example", 400)]
    [InlineData("POST", "/api/auth/login", "evil.example", 400)]
    [InlineData("GET", "/nothing-here", "portal.example.com", 404)]
    [InlineData("GET", "/api/nothing-here", "portal.example.com", 404)]
    [InlineData("POST", "/login", "portal.example.com", 400)]
    public async Task Responses_without_an_endpoint_have_all_security_headers(string method, string path, string host, int status)
    {
        await using var portal = await StartAsync("Production");
        using var client = Proxy(portal);
        Assert.Equal(status, await CheckAsync(client, method, path, host, isSecure: host != "10.0.0.1"));
    }

    [Fact]
    public async Task HSTS_lasts_a_year_over_HTTPS_in_Production()
    {
        using var answer = await LoginPageAsync("Production", "https", "portal.example.com");
        Assert.Equal(["max-age=31536000; includeSubDomains"], answer.Headers.GetValues(Hsts));
    }

    [Theory]
    [InlineData("Production", "http", "portal.example.com")]
    [InlineData("Production", "https", "localhost")]
    [InlineData("Production", "https", "127.0.0.1")]
    [InlineData("Development", "https", "portal.example.com")]
    public async Task HSTS_is_not_sent_over_plain_HTTP_for_this_machine_or_in_Development(string environment, string scheme, string host)
    {
        using var answer = await LoginPageAsync(environment, scheme, host);
        Assert.False(answer.Headers.Contains(Hsts));
    }

    [Fact]
    public async Task HSTS_can_be_turned_off()
    {
        using var answer = await LoginPageAsync("Production", "https", "portal.example.com", ("Hsts:Enabled", "false"));
        Assert.False(answer.Headers.Contains(Hsts));
    }

    private static async Task<HttpResponseMessage> LoginPageAsync(
        string environment, string scheme, string host, params (string Key, string Value)[] settings)
    {
        await using var portal = await StartAsync(environment, [("AllowedHosts", "*"), .. settings]);
        using var client = Proxy(portal, scheme);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login") { Headers = { Host = host } };
        return await client.SendAsync(request, Cancel);
    }

    private static async Task<int> CheckAsync(HttpClient client, string method, string path, string host, bool isSecure)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Host = host } };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var what = $"{method} {path} ({(int)answer.StatusCode})";
        foreach (var (name, value) in Expected)
        {
            Assert.Equal(
                (what, name, value), (what, name, string.Join('|', answer.Headers.TryGetValues(name, out var values) ? values : [])));
        }

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.True(
            policy.StartsWith("default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none';", StringComparison.Ordinal),
                $"{what}: {policy}");
        Assert.True(answer.Headers.CacheControl is not null, $"{what} has no Cache-Control.");
        Assert.Equal((what, isSecure), (what, answer.Headers.Contains(Hsts)));
        Assert.False(answer.Headers.Contains("Server"), what);
        return (int)answer.StatusCode;
    }

    private static IEnumerable<(string Path, string[] Methods)> Endpoints(PortalHost portal)
    {
        foreach (var endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = string.Concat(
                endpoint.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
                _ => "1",
            }))));
            yield return (path.Length == 0 ? "/" : path, endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.ToArray() ?? []);
        }
    }

    private static async Task<PortalHost> StartAsync(string environment, params (string Key, string Value)[] settings)
    {
        var portal = new PortalHost { Environment = environment }.With("AllowedHosts", "portal.example.com")
            .With("ReverseProxy:KnownProxies", "127.0.0.0/8");
        foreach (var (key, value) in settings)
        {
            portal.With(key, value);
        }

        portal.UseKestrel(0);
        await portal.StartAsync();
        return portal;
    }

    /// <summary>A client as a proxy that ends TLS.</summary>
    private static HttpClient Proxy(PortalHost portal, string scheme = "https")
    {
        var client = Peer.From("127.0.0.1", portal.ClientOptions.BaseAddress);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        return client;
    }
}
