using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>A portal whose metrics are collected.</summary>
public abstract class MetricsTest : IAsyncLifetime
{
    private protected readonly PortalHost portal = new PortalHost().With("Otp:FailureBudget", "7").With("Otp:Login:SendsPerHour", "4");
    private protected CollectedMetrics metrics = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await portal.StartAsync();
        metrics = new CollectedMetrics(portal);
    }

    public async ValueTask DisposeAsync()
    {
        metrics.Dispose();
        await portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
