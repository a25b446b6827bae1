using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtpPortal.Data;

namespace OtpPortal.Web;

/// <summary>Whether the database can be read and written and has the schema of this program.</summary>
internal sealed class DatabaseHealth(DatabaseProbe proof) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await proof.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"No answer within {Health.Limit.TotalSeconds} s.");
        }
        catch (Exception failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
