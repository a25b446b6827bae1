using System.Security.Cryptography;
using System.Text;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// Turns a code into what is stored: HMAC-SHA256 under the server key over purpose, address, binding and code (RFC 2104).
/// A million codes are too few for any plain hash to hide; the key is what hides them.
/// </summary>
public sealed class CodeHasher(HashKey key, RandomNumberGenerator random)
{
    /// <summary>The hash in hexadecimal, 64 characters.</summary>
    /// <remarks>
    /// The database compares hashes with an ordinary comparison. That leaks nothing: without the key nobody can choose
    /// what a guess hashes to, so the time of the comparison says nothing about the code.
    /// </remarks>
    public string Hash(Purpose purpose, Identifier identifier, Binding binding, Code code)
    {
        // NUL stands in none of the four, so no two different inputs run together to the same text.
        var text = string.Join('\0', purpose.Name(), identifier.Value, binding.Challenge, code.Value);
        return Convert.ToHexString(HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>What stands in the place of a hash where no code may ever match.</summary>
    public string Unmatchable()
    {
        Span<byte> bytes = stackalloc byte[HMACSHA256.HashSizeInBytes];
        random.GetBytes(bytes);
        return Convert.ToHexString(bytes);
    }
}
