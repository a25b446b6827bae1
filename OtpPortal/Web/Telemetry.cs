using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OtpPortal.Activity;

namespace OtpPortal.Web;

/// <summary>
/// Sends metrics, traces and logs to an OpenTelemetry collector by OTLP, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. The library reads
/// the other standard variables (<c>OTEL_…</c>). docs/building.md explains under "Written by hand" why the hosting is written by hand.
/// </summary>
internal static class Telemetry
{
    /// <summary>The variable that turns telemetry on.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Service = "otpportal";

    private const string Method = "http.request.method";
    private const string Route = "http.route";
    private const string Status = "http.response.status_code";

    // A method can be any word, and only known ones become attributes.
    private static readonly HashSet<string> Known =
        new([HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete, HttpMethods.Options,
            HttpMethods.Patch], StringComparer.Ordinal);

    private static readonly string[] Meters =
    [
        ActivityMetrics.Meter,
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", Hosting.PortalTracing.Source];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // Every log line contains only the trace id, and not the ids of spans.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);

        var settings = builder.Configuration;
        if (string.IsNullOrWhiteSpace(settings[Endpoint]) || settings.GetValue("OTEL_SDK_DISABLED", defaultValue: false))
        {
            return;
        }

        new Builder(builder.Services)
            .ConfigureResource(resource => resource.AddService(Service, serviceInstanceId: Environment.MachineName)
            .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(IsWanted("METRICS") ? Meters : []))
            .WithTracing(traces => traces.AddSource(IsWanted("TRACES") ? Sources : []).AddProcessor(new Spans()))
            .WithLogging(configureBuilder: null, logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, true))
            .UseOtlpExporter();
        if (!IsWanted("LOGS"))
        {
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None);
        }

        foreach (var exporter in new[] { "OtlpMetricExporter", "OtlpTraceExporter", "OtlpLogExporter" })
        {
            // Otherwise an unavailable collector would fill the log.
            builder.Logging.AddFilter($"System.Net.Http.HttpClient.{exporter}", LogLevel.None);
        }

        builder.Services.AddHostedService<Started>();

        bool IsWanted(string signal) => !string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds the method, the route template and the status to the span of a request.</summary>
    internal static void Describe(this System.Diagnostics.Activity span, HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var method = Known.Contains(context.Request.Method) ? context.Request.Method : "_OTHER";
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag(Method, method).SetTag(Route, route).SetTag(Status, context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Replaces the library's hosting extension.</summary>
    private sealed class Builder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    /// <summary>Measuring begins with the portal. The container disposes the providers, which then send the last values.</summary>
    private sealed class Started(MeterProvider metrics, TracerProvider traces) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = (metrics, traces);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// Keeps only attributes that cannot contain an address, a token or typed text. Attributes that libraries add, now or in later
    /// versions, are removed.
    /// </summary>
    private sealed class Spans : BaseProcessor<System.Diagnostics.Activity>
    {
        private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
        {
            Method, Status, Route, Hosting.PortalTracing.Channel,
        };

        public override void OnEnd(System.Diagnostics.Activity data)
        {
            foreach (var (name, _) in data.TagObjects.ToList())
            {
                if (!Kept.Contains(name))
                {
                    data.SetTag(name, null);
                }
            }
        }
    }
}
