using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OtpPortal.Accounts;

/// <summary>Random tokens, of which only the hash is stored. They have 256 bits, so a plain hash is enough to protect them.</summary>
internal static class SecretToken
{
    /// <summary>32 random bytes in base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in hexadecimal.</summary>
    public static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
