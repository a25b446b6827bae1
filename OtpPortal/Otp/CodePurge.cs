using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Removes the codes that no rule needs any more. Nobody can tell whether it ran: until then a row is as good as gone.</summary>
public sealed class CodePurge(BatchedDelete delete, TimeProvider clock) : IPurge
{
    /// <inheritdoc/>
    public string Name => "codes";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => delete.RunAsync(
        """
        DELETE FROM OtpCodes WHERE (Email, Purpose) IN
            (SELECT Email, Purpose FROM OtpCodes WHERE PurgeAfter <= {0} ORDER BY PurgeAfter LIMIT {1})
        """,
        clock.GetUtcNow(),
        cancellationToken);
}
