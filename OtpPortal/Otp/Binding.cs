using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OtpPortal.Otp;

/// <summary>
/// Binds a code to the browser or API client that requested it: the SHA-256 challenge of a verifier that only this client has, as in PKCE
/// (RFC 7636 §4.2). A code that was requested in one browser cannot be redeemed in another (ASVS 6.6.2).
/// </summary>
public sealed record Binding
{
    private Binding(string challenge) => Challenge = challenge;

    /// <summary>The code is bound to its address and purpose alone.</summary>
    public static Binding None { get; } = new("");

    /// <summary>The SHA-256 of the verifier in base64url; empty for <see cref="None"/>.</summary>
    public string Challenge { get; }

    /// <summary>Reads a challenge as an API client sends it (RFC 7636 §4.2, method S256). Null if it is invalid.</summary>
    public static Binding? FromChallenge(string challenge) =>
        challenge.Length == 43 && Base64Url.IsValid(challenge, out var bytes) && bytes == SHA256.HashSizeInBytes ? new(challenge) : null;

    /// <summary>Extends the binding to a value that must not change in the meantime.</summary>
    public Binding With(string proof) => FromVerifier($"{Challenge} {proof}");

    /// <summary>The binding of the holder of <paramref name="verifier"/>.</summary>
    public static Binding FromVerifier(string verifier) =>
        new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier))));
}
