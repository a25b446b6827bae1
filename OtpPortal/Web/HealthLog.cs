using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtpPortal.Web;

/// <summary>Logs why a health check fails: once when it begins to fail and once when it recovers, and not at every request.</summary>
internal sealed class HealthLog(ILogger<HealthLog> log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HealthStatus> known = new(StringComparer.Ordinal);

    /// <summary>Logs the checks whose status has changed.</summary>
    public void Log(HealthReport report)
    {
        lock (gate)
        {
            foreach (var (name, entry) in report.Entries)
            {
                if (known.GetValueOrDefault(name, HealthStatus.Healthy) != entry.Status)
                {
                    known[name] = entry.Status;
                    Log(name, entry);
                }
            }
        }
    }

    private void Log(string name, HealthReportEntry entry)
    {
        switch (entry.Status)
        {
            case HealthStatus.Healthy:
                log.LogInformation("Health: {Check} is healthy again", name);
                break;
            case HealthStatus.Degraded:
                log.LogWarning("Health: {Check} is degraded: {Why}", name, Describe(entry));
                break;
            default:
                log.LogError("Health: {Check} is unhealthy: {Why}", name, Describe(entry));
                break;
        }
    }

    private static string Describe(HealthReportEntry entry) => entry.Exception?.Message ?? entry.Description ?? "";
}
