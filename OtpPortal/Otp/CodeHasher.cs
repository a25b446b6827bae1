using System.Security.Cryptography;
using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// Computes what is stored of a code: HMAC-SHA256 with the server key over purpose, address, binding and code (RFC 2104). With only a
/// million possible codes, a hash without a key could be reversed.
/// </summary>
public sealed class CodeHasher(HashKey key, RandomNumberGenerator random)
{
    /// <summary>The hash in hexadecimal, 64 characters.</summary>
    /// <remarks>
    /// The database compares hashes with an ordinary comparison. Its timing reveals nothing about the code: without the key, nobody can
    /// choose the hash of a guess.
    /// </remarks>
    public string Hash(Purpose purpose, Identifier identifier, Binding binding, Code code)
    {
        // None of the four values contains NUL, so two different inputs cannot have the same text.
        var text = string.Join('\0', purpose.Name(), identifier.Value, binding.Challenge, code.Value);
        return Convert.ToHexString(HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A random value in the place of a hash, if no code may match.</summary>
    public string Unmatchable()
    {
        Span<byte> bytes = stackalloc byte[HMACSHA256.HashSizeInBytes];
        random.GetBytes(bytes);
        return Convert.ToHexString(bytes);
    }
}
