using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Removes the codes that no rule needs any more. Nobody can tell whether it ran: until then a row is as good as gone.</summary>
public sealed class CodePurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "codes";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        OtpCodesSql.Purge, clock.GetUtcNow(), cancellationToken);
}
