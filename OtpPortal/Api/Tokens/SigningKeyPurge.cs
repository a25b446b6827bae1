using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>Removes signing keys whose last token has expired.</summary>
internal sealed class SigningKeyPurge(SigningKeys keys) : IPurge
{
    public string Name => "signing keys";

    public Task<int> RunAsync(CancellationToken cancellationToken) => keys.RemoveOldAsync(cancellationToken);
}
