using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>
/// Who does not ask for OpenTelemetry has nothing of it. What a collector gets is tested with a portal of its own
/// process.
/// </summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData("OTEL_SERVICE_NAME", "portal", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9", true)]
    public async Task Telemetry_is_exported_only_where_its_address_is_set(string key, string value, bool there)
    {
        await using var portal = new PortalHost().With(key, value);

        Assert.Equal((there, there),
            (portal.Services.GetService<MeterProvider>() is not null, portal.Services.GetService<TracerProvider>() is not null));
    }
}
