using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OtpPortal.Api.Tokens;

/// <summary>
/// JSON Web Signatures in their compact form with ES256, ECDSA on P-256 with SHA-256 (RFC 7515, RFC 7518 §3.4). No other algorithm is
/// supported, so that a token cannot choose one (RFC 8725 §3.1). docs/building.md says why this is written by hand.
/// </summary>
internal static class Es256
{
    /// <summary>The name of the algorithm.</summary>
    public const string Name = "ES256";

    /// <summary>The type of the portal's tokens (RFC 9068 §2.1), so that no other signed object is accepted as one.</summary>
    public const string AccessTokenType = "at+jwt";

    /// <summary>Longer tokens are refused unread. The portal's own have about 500 characters.</summary>
    private const int MaxLength = 4096;

    private const int SignatureBytes = 64;

    /// <param name="kid">The name of the key.</param>
    /// <param name="claims">The payload, which becomes JSON.</param>
    public static string Sign(ECDsa key, string kid, IReadOnlyDictionary<string, object> claims)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = Name, ["typ"] = AccessTokenType, ["kid"] = kid });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Parses a token without verifying it.</summary>
    /// <returns>Null if it is not a token of this kind: it has other parts, invalid base64url, no JSON objects, another algorithm, critical
    /// extensions or repeated members.</returns>
    public static Jws? Read(string token)
    {
        if (token.Length > MaxLength || token.Split('.') is not [var header, var payload, var signature])
        {
            return null;
        }

        // RFC 7515 §4.1.11: critical extensions that are not understood must be refused, and none is understood here.
        return Object(header) is { } head
            && Text(head, "alg") == Name
            && !head.TryGetProperty("crit", out _)
            && Object(payload) is { } claims
            && Bytes(signature) is { Length: SignatureBytes } bytes
            ? new Jws(Text(head, "kid"), Text(head, "typ"), claims, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), bytes)
            : null;
    }

    /// <summary>The value of a member that is a string; otherwise null.</summary>
    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>The value of a string; otherwise null.</summary>
    internal static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate is valid JSON, but not a valid string.
            return null;
        }
    }

    private static JsonElement? Object(string part)
    {
        try
        {
            // The JSON reader validates a string only when it is read.
            return Bytes(part) is { } bytes && Utf8.IsValid(bytes)
                && JsonSerializer.Deserialize<JsonElement>(bytes, Strict) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 7515 §2: base64url without padding. Only the canonical encoding is accepted, so that two different tokens cannot mean the same.
    private static byte[]? Bytes(string part) =>
        Base64Url.IsValid(part) && Base64Url.DecodeFromChars(part) is var bytes && Base64Url.EncodeToString(bytes) == part ? bytes : null;

    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
}

/// <summary>A parsed token. It proves nothing until <see cref="IsSignedBy"/>.</summary>
/// <param name="Kid">The name of the key that it claims.</param>
/// <param name="Type">The type that it claims.</param>
/// <param name="Content">The signed bytes.</param>
/// <param name="Signature">Two numbers of 32 bytes.</param>
internal sealed record Jws(string? Kid, string? Type, JsonElement Claims, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Whether the key signed the token.</summary>
    public bool IsSignedBy(ECDsa key) => key.VerifyData(
        Content.Span, Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Without the claims, so that no log contains them.</summary>
    public override string ToString() => "******";
}
