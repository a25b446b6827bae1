using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// Removes codes that no rule needs any more. Until then, such a row is treated as if it had been removed, so that nobody can tell whether
/// the purge ran.
/// </summary>
internal sealed class CodePurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    public string Name => "codes";

    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        OtpCodesSql.Purge, clock.GetUtcNow(), cancellationToken);
}
