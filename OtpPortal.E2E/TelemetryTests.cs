using System.Net.Http.Json;
using System.Text;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What a collector of OpenTelemetry gets of a portal that was started for it.</summary>
public sealed class TelemetryTests : IAsyncDisposable
{
    private const string Ann = "ann@example.com";

    private readonly Collector collector = Collector.Start();
    private readonly HttpClient client = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await collector.DisposeAsync();
    }

    [Fact]
    public async Task A_collector_gets_metrics_traces_and_logs_and_nobodys_address_code_or_token()
    {
        await using var server = await StartAsync();
        var (number, code) = await RegisterAsync(server);

        var metrics = await collector.OnceItHasAsync(
            "metrics", "otpportal", "otpportal.otp.sends", "otpportal.deliveries", "otpportal.delivery.duration",
                "otpportal.outbox.messages", "http.server.request.duration", "kestrel.active_connections", "dotnet.gc.collections");
        Assert.Contains("{code}", metrics, StringComparison.Ordinal);

        // The request and the delivery that it caused are of one trace, whose number the client has.
        var bytes = Encoding.Latin1.GetString(Convert.FromHexString(number));
        var traces = await collector.OnceItHasAsync("traces", "POST /api/auth/register", "deliver", bytes);
        Assert.Equal(2, traces.Split(bytes).Length - 1);
        Assert.Contains("http.route", traces, StringComparison.Ordinal);
        await collector.OnceItHasAsync("logs", "Now listening on");

        var all = string.Concat(new[] { "metrics", "traces", "logs" }.SelectMany(collector.Of).Select(one => one.Bytes));
        Assert.All([Ann, "three small words", code, "secret-in-the-query", "Mozilla", "/health/"],
            text => Assert.DoesNotContain(text, all, StringComparison.OrdinalIgnoreCase));
        Assert.All(collector.Of("metrics"), one => Assert.Equal("the key", one.Key));
    }

    [Fact]
    public async Task The_service_name_and_the_signals_are_what_the_standard_OpenTelemetry_variables_say()
    {
        await using var server = await StartAsync(
            ("OTEL_SERVICE_NAME", "sign-in-of-example"), ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_LOGS_EXPORTER", "none"));
        await RegisterAsync(server);
        await collector.OnceItHasAsync("metrics", "sign-in-of-example", "otpportal.otp.sends");
        Assert.Empty(collector.Of("traces"));
        Assert.Empty(collector.Of("logs"));
    }

    [Fact]
    public async Task An_unreachable_collector_harms_nobody_and_is_not_in_the_log()
    {
        await using var server = await StartAsync();
        await collector.OnceItHasAsync("metrics", "dotnet.gc.collections");
        await collector.DisposeAsync();
        for (var i = 0; i < 3; i++)
        {
            await RegisterAsync(server, $"person{i}@example.com");
        }

        Assert.DoesNotContain("/v1/", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn: ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", server.Output, StringComparison.Ordinal);
    }

    private Task<PortalServer> StartAsync(params (string Key, string Value)[] settings) => PortalServer.StartAsync(
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=the key"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
        .. settings,
    ]);

    /// <summary>Registers over the API with everything in it that must not get out, and waits for the mail.</summary>
    private async Task<(string Number, string Code)> RegisterAsync(PortalServer server, string email = Ann)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url("/api/auth/register?token=secret-in-the-query")))
        {
            Content = JsonContent.Create(new { email, password = "three small words" }),
        };
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0");
        using var answer = await client.SendAsync(request, Cancel);
        answer.EnsureSuccessStatusCode();
        using var health = await client.GetAsync(new Uri(server.Url("/health/ready")), Cancel);
        health.EnsureSuccessStatusCode();
        return (Assert.Single(answer.Headers.GetValues("X-Correlation-Id")), await server.CodeForAsync(email));
    }
}
