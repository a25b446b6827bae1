using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtpPortal.Delivery;

/// <summary>
/// Checks whether messages can be delivered. Anybody may read the result, so it covers only whether the servers answer: the number of
/// waiting messages, or their age, would reveal to a stranger whether an address that they just entered has an account.
/// </summary>
internal sealed class DeliveryHealth(ChannelHealth health, ChannelProbeWorker probes, Channels channels) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] all = [Channels.Email, .. channels.ToPhones];
        Array.ForEach(all, probes.Request);
        var away = all.Where(channel => health.StateOf(channel) == ChannelState.Away).ToList();
        return Task.FromResult(away.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"No answer from the other side of: {string.Join(", ", away)}."));
    }
}
