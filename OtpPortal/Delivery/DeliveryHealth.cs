using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtpPortal.Delivery;

/// <summary>
/// Whether messages can get out. Anybody may ask, so it says only whether the other sides are there: how many messages wait, or for how
/// long, would tell a stranger
/// whether the address that they have just typed has an account.
/// </summary>
public sealed class DeliveryHealth(ChannelHealth health, ChannelProbeWorker probes, Channels channels) : IHealthCheck
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
