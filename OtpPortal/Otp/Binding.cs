using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OtpPortal.Otp;

/// <summary>
/// Ties a code to the browser (or API client) that asked for it: the SHA-256 challenge of a verifier that only it holds,
/// as in PKCE (RFC 7636 §4.2). A code asked for in one browser cannot be redeemed in another (ASVS 6.6.2).
/// </summary>
public sealed record Binding
{
    private Binding(string challenge) => Challenge = challenge;

    /// <summary>No binding: the code is tied to its address and purpose alone.</summary>
    public static Binding None { get; } = new("");

    /// <summary>Base64url of the SHA-256 of the verifier; empty for <see cref="None"/>.</summary>
    public string Challenge { get; }

    /// <summary>Reads a challenge as an API client sends it (RFC 7636 §4.2, method S256), or null if it is none.</summary>
    public static Binding? FromChallenge(string challenge) =>
        challenge.Length == 43 && Base64Url.IsValid(challenge, out var bytes) && bytes == SHA256.HashSizeInBytes ? new(challenge) : null;

    /// <summary>This binding, and besides to something that must not have changed in the meantime.</summary>
    public Binding With(string proof) => FromVerifier($"{Challenge} {proof}");

    /// <summary>The binding of who holds <paramref name="verifier"/>.</summary>
    public static Binding FromVerifier(string verifier) =>
        new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier))));
}
