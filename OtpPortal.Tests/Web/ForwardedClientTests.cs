using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>
/// Who the client is, for the limits, the activity log and the scheme: with no proxy, one, two in a row or a network of them, and as
/// strangers would have it.
/// </summary>
public sealed class ForwardedClientTests
{
    private const string First = "127.0.0.2";
    private const string Second = "127.0.0.3";
    private const string Stranger = "127.0.0.9";
    private const string Client = "203.0.113.7";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// What is configured, who connects, the lines of X-Forwarded-For that arrive (# is another address in each request), and who the
    /// client is.
    /// </summary>
    public static TheoryData<string, string, string, string, bool> Cases() => new()
    {
        // Nobody is named: whoever connects is the client.
        { "", Stranger, "", Stranger, false },
        { "", First, Client, First, false },
        { "", Stranger, "198.51.100.#", Stranger, false },
        { "", Stranger, "198.51.100.#|198.51.100.1", Stranger, false },

        // One.
        { First, Stranger, "", Stranger, false },
        { First, First, Client, Client, true },
        { First, Stranger, "198.51.100.#", Stranger, false },
        { First, First, $"198.51.100.#, {Client}", Client, true },
        { First, First, $"198.51.100.#|{Client}", Client, true },
        { First, First, $"198.51.100.#, {First}|{Client}", Client, true },
        { First, Second, Client, Second, false },
        { First, First, "2001:db8:1:2::#", "2001:db8:1:2::#", true },
        { First, First, $"{Client}:4711", Client, true },
        { $"::ffff:{First}", First, Client, Client, true },

        // Two in a row.
        { $"{First}, {Second}", Stranger, "", Stranger, false },
        { $"{First}, {Second}", Second, $"{Client}, {First}", Client, true },
        { $"{First}, {Second}", Second, $"{Client}|{First}", Client, true },
        { $"{First}, {Second}", Stranger, $"198.51.100.#, {First}", Stranger, false },
        { $"{First}, {Second}", Second, $"198.51.100.#, {Client}, {First}", Client, true },
        { Second, Second, $"{Client}, {First}", First, true },

        // A network.
        { "127.0.0.0/29", Stranger, "", Stranger, false },
        { "127.0.0.0/29", First, Client, Client, true },
        { "127.0.0.0/29", Second, $"{Client}, {First}", Client, true },
        { "127.0.0.0/29", Stranger, "198.51.100.#", Stranger, false },
        { "127.0.0.0/29", Second, $"198.51.100.#, {Client}", Client, true },
        { "10.0.0.0/8, fd00::/8", First, Client, First, false },
        { "::ffff:127.0.0.0/125", First, Client, Client, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_forwarded_address_counts_only_from_a_named_proxy(
        string known, string peer, string forwarded, string client, bool isHttps)
    {
        await using var api = await ApiHost.StartAsync(
            ("RateLimits:Enabled", "true"), ("RateLimits:SendsPerMinute", "3"), ("ReverseProxy:KnownProxies", known));
        using var connection = Peer.From(peer, api.Portal.ClientOptions.BaseAddress);

        var answers = new List<HttpStatusCode>();
        for (var i = 1; i <= 4; i++)
        {
            using var sent = await connection.SendAsync(
                Request(HttpMethod.Post, "/api/auth/send-email-otp", forwarded, i, $"ann{i}@example.com"), Cancel);
            answers.Add(sent.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests], answers);

        var logged = await api.Portal.ReadAsync(db => db.Activity.Where(row => row.Kind == ActivityEventKind.DecoySent)
            .OrderBy(row => row.Id).Select(row => row.Client).ToListAsync(Cancel));
        Assert.Equal(Enumerable.Range(1, 3).Select(i => Number(client, i)), logged);

        // In Development a cookie is for HTTPS only if the request came by it.
        using var page = await connection.SendAsync(Request(HttpMethod.Get, "/login", forwarded, 1, email: null), Cancel);
        Assert.Equal(isHttps, Assert.Single(page.Headers.GetValues("Set-Cookie")).Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_a_named_proxy_each_client_has_a_limit_of_its_own()
    {
        await using var api = await ApiHost.StartAsync(
            ("RateLimits:Enabled", "true"), ("RateLimits:SendsPerMinute", "1"), ("ReverseProxy:KnownProxies", First));
        using var connection = Peer.From(First, api.Portal.ClientOptions.BaseAddress);

        for (var i = 1; i <= 5; i++)
        {
            using var sent = await connection.SendAsync(
                Request(HttpMethod.Post, "/api/auth/send-email-otp", "198.51.100.#", i, $"ann{i}@example.com"), Cancel);
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(First)]
    public async Task A_forwarded_host_or_prefix_counts_from_no_proxy(string known)
    {
        await using var api = await ApiHost.StartAsync(("ReverseProxy:KnownProxies", known));
        using var connection = Peer.From(First, api.Portal.ClientOptions.BaseAddress);
        using var request = Request(HttpMethod.Get, "/account", Client, 1, email: null);
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Prefix", "/evil");

        using var answer = await connection.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.DoesNotContain("evil", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frameworks_own_switch_for_forwarded_headers_trusts_no_peer()
    {
        // Some platforms set it for every program, and then the framework believes everybody where nobody is named.
        await using var api = await ApiHost.StartAsync(("FORWARDEDHEADERS_ENABLED", "true"));
        Assert.Contains(
            api.Portal.Services.GetServices<IStartupFilter>(), filter => filter.GetType().Name == "ForwardedHeadersStartupFilter");
        using var connection = Peer.From(Stranger, api.Portal.ClientOptions.BaseAddress);

        using var sent = await connection.SendAsync(
            Request(HttpMethod.Post, "/api/auth/send-email-otp", Client, 1, "ann@example.com"), Cancel);

        Assert.Equal(Stranger, await api.Portal.ReadAsync(db => db.Activity.Select(row => row.Client).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task An_unknown_peer_that_sends_a_forwarded_header_is_logged_once()
    {
        using var logs = new CollectedLogs();
        await using var portal = new PortalHost { Logs = logs }.With("ReverseProxy:KnownProxies", First);
        portal.UseKestrel(0);
        await portal.StartAsync();
        using var known = Peer.From(First, portal.ClientOptions.BaseAddress);
        using var unknown = Peer.From(Stranger, portal.ClientOptions.BaseAddress);
        (await known.SendAsync(Request(HttpMethod.Get, "/login", Client, 1, email: null), Cancel)).Dispose();
        (await unknown.GetAsync(new Uri("/login", UriKind.Relative), Cancel)).Dispose();
        Assert.DoesNotContain(logs.Lines, IsWarning);

        for (var i = 0; i < 3; i++)
        {
            (await unknown.SendAsync(Request(HttpMethod.Get, "/login", "198.51.100.77", 1, email: null), Cancel)).Dispose();
        }

        var line = Assert.Single(logs.Lines, IsWarning);
        Assert.Contains("ReverseProxy:KnownProxies", line.Text, StringComparison.Ordinal);
        Assert.Contains(Stranger, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100.77", line.Text, StringComparison.Ordinal);

        static bool IsWarning(LogLine line) =>
            line.Category == "OtpPortal.Web.KnownProxies" && line.Level == Microsoft.Extensions.Logging.LogLevel.Warning;
    }

    private static string Number(string text, int number) =>
        text.Replace("#", number.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static HttpRequestMessage Request(HttpMethod method, string path, string forwarded, int number, string? email)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = email is null ? null : JsonContent.Create(new { email, purpose = "login" }),
        };
        foreach (var line in forwarded.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", Number(line, number));
        }

        if (forwarded.Length > 0)
        {
            request.Headers.Add("X-Forwarded-Proto", "https");
        }

        return request;
    }
}
