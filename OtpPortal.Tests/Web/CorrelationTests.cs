using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>
/// One number from a request to the delivery that it caused: in its answer, in every line of the log, in the activity log and in
/// the outbox.
/// </summary>
public sealed partial class CorrelationTests : IAsyncDisposable
{
    private const string Header = "X-Correlation-Id";
    private const string Foreign = "0af7651916cd43dd8448eb211c80319c";

    private readonly CollectedLogs logs = new();
    private PortalHost? portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        logs.Dispose();
        if (portal is not null)
        {
            await portal.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_correlation_id_of_a_request_is_in_every_log_line_and_no_address_or_code_is()
    {
        using var client = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton<IMailTransport>(
            new ScriptedTransport((_, _) => throw new DeliveryException("The server is busy.")))));
        using var other = await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        var before = logs.Lines.Count;
        using var answer = await client.PostAsJsonAsync(
            new Uri("/api/auth/register", UriKind.Relative),
                new { email = "ann@example.com", password = "three small words", codeChallenge = (string?)null }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var number = NumberOf(answer);
        Assert.NotEqual(NumberOf(other), number);
        await portal!.DeliverAsync();
        portal.Wait(TimeSpan.FromSeconds(2));
        await portal.DeliverAsync();
        await FinishedAsync(number);

        var lines = logs.Lines.Skip(before).ToList();
        var ours = lines.Where(line => line.Traces.Contains(number, StringComparer.Ordinal)).ToList();
        Assert.Contains(ours, line => line.Category == "Microsoft.AspNetCore.Hosting.Diagnostics");
        Assert.Contains(ours, line => line.Category == "Microsoft.AspNetCore.Routing.EndpointMiddleware");
        Assert.Equal(2, ours.Count(line => line.Category == "OtpPortal.Delivery.DeliveryPass" && line.Level == LogLevel.Warning));
        Assert.All(ours, line => Assert.Equal([number], line.Traces));
        Assert.All(
            lines.Where(line => line.Scopes.Any(scope => scope.Key == "RequestPath" && scope.Value == "/api/auth/register")),
            line => Assert.Equal([number], line.Traces));
        Assert.All(
            await portal.ReadAsync(db => db.Activity.AsNoTracking().ToListAsync(Cancel)),
                happened => Assert.Equal(number, happened.Correlation));
        Assert.Equal(number, (await portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(Cancel))).Correlation);

        Assert.All(lines, line => Assert.DoesNotContain("ann@example.com", line.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(lines, line => Assert.DoesNotMatch(SixDigits(), line.Text));
    }

    [Theory]
    [InlineData("/api/auth/me")]
    [InlineData("/portal.css")]
    [InlineData("/nowhere")]
    [InlineData("/login")]
    public async Task Every_response_has_a_correlation_id_of_its_own(string path)
    {
        using var client = await StartAsync();
        using var first = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        using var second = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.NotEqual(NumberOf(first), NumberOf(second));
    }

    [Fact]
    public async Task The_error_page_shows_the_correlation_id_of_the_log()
    {
        using var client = await StartAsync(
            services => services.AddSingleton<ReturnUrls>(_ => throw new InvalidOperationException("A fault of the portal.")));
        await portal!.Lane.RunAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE OtpCodes RENAME TO Elsewhere", Cancel), Cancel);
        using var answer = await client.PostAsJsonAsync(
            new Uri("/api/auth/register", UriKind.Relative), new { email = "ann@example.com", password = "three small words" }, Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<Dictionary<string, object>>(Cancel);
        Assert.Equal(NumberOf(answer), problem!["traceId"].ToString());
        Assert.Contains(logs.Lines, line => line.Level == LogLevel.Error && line.Traces.SequenceEqual([NumberOf(answer)]));

        using var shown = await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, shown.StatusCode);
        Assert.Contains($"Request ID: {NumberOf(shown)}", await shown.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains(logs.Lines, line => line.Level == LogLevel.Error && line.Traces.SequenceEqual([NumberOf(shown)]));
    }

    [Theory]
    [InlineData("traceparent", $"00-{Foreign}-b7ad6b7169203331-01")]
    [InlineData("Request-Id", $"|{Foreign}.1.")]
    [InlineData("X-Correlation-Id", Foreign)]
    [InlineData("traceparent", "00-zzz\tINFO: made up-01")]
    [InlineData("baggage", $"TraceId={Foreign}")]
    public async Task A_stranger_does_not_choose_the_correlation_id(string header, string value)
    {
        using var client = await StartAsync(settings: ("ReverseProxy:KnownProxies", "127.0.0.1"));
        Assert.DoesNotContain(Foreign, await NumberAsync(client, header, value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("10.1.2.3, 127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task A_trace_is_continued_for_a_known_proxy_that_is_configured_to_begin_traces(string proxy, bool continued)
    {
        using var client = await StartAsync(settings: [("ReverseProxy:KnownProxies", proxy), ("ReverseProxy:ContinueTraces", "true")]);
        Assert.Equal(continued, await NumberAsync(client, "traceparent", $"00-{Foreign}-b7ad6b7169203331-01") == Foreign);

        // What is no trace of W3C's is never continued.
        foreach (var (header, value) in new[] { ("traceparent", "00-hello-01"),
            ("traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01"), ("Request-Id", $"|{Foreign}.1.") })
        {
            Assert.DoesNotContain(Foreign, await NumberAsync(client, header, value), StringComparison.Ordinal);
        }
    }

    private async Task<HttpClient> StartAsync(Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings)
    {
        portal = new PortalHost
        {
            Logs = logs,
            Configure = services =>
            {
                PortalHost.HashQuickly(services);
                configure?.Invoke(services);
            },
        };
        foreach (var (key, value) in settings)
        {
            portal.With(key, value);
        }

        portal.UseKestrel(0);
        await portal.StartAsync();

        // The handlers of this client begin no trace, as a stranger's would not.
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
    }

    /// <summary>Waits for the last line of a request, which is written after its answer.</summary>
    private async Task FinishedAsync(string number)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!logs.Lines.Any(line => line.Text.StartsWith("Request finished", StringComparison.Ordinal)
            && line.Traces.Contains(number, StringComparer.Ordinal)))
        {
            await Task.Delay(10, late.Token);
        }
    }

    private static async Task<string> NumberAsync(HttpClient client, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await client.SendAsync(request, Cancel);
        return NumberOf(answer);
    }

    private static string NumberOf(HttpResponseMessage answer)
    {
        var number = Assert.Single(answer.Headers.GetValues(Header));
        Assert.Matches("^[0-9a-f]{32}$", number);
        Assert.NotEqual(new string('0', 32), number);
        return number;
    }

    [GeneratedRegex(@"(?<![\w.:-])\d{6}(?![\w.:-])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SixDigits();
}
