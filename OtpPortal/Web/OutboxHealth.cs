using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtpPortal.Data;

namespace OtpPortal.Web;

/// <summary>Whether messages get out.</summary>
public sealed class OutboxHealth(OutboxWatch outbox) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // SQLite waits for a lock on the thread that asks for it.
            return await Task.Run(outbox.Look, CancellationToken.None).WaitAsync(cancellationToken) switch
            {
                null => new HealthCheckResult(context.Registration.FailureStatus, "The outbox cannot be read."),
                { IsOld: true } => HealthCheckResult.Degraded($"A message has waited for more than {OutboxWatch.Old.TotalSeconds} s. The lines above have the reasons."),
                _ => HealthCheckResult.Healthy(),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The outbox did not answer within {Health.Limit.TotalSeconds} s.");
        }
    }
}
