using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>Removes signing keys whose last token has expired.</summary>
public sealed class SigningKeyPurge(SigningKeys keys) : IPurge
{
    /// <inheritdoc/>
    public string Name => "signing keys";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancellationToken) => keys.RemoveOldAsync(cancellationToken);
}
