using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OtpPortal.Api.Tokens;

/// <summary>
/// JSON Web Signatures in their compact form with ES256, ECDSA on P-256 with SHA-256 (RFC 7515, RFC 7518 §3.4). No other algorithm is known
/// here, so none can be talked into (RFC 8725 §3.1). The reason why it is written by hand is in docs/building.md.
/// </summary>
public static class Es256
{
    /// <summary>The name of the algorithm.</summary>
    public const string Name = "ES256";

    /// <summary>The type of the portal's tokens (RFC 9068 §2.1): one that was signed for something else is not taken for one.</summary>
    public const string AccessTokenType = "at+jwt";

    /// <summary>Longer ones are not looked at. Ours have about 500 characters.</summary>
    private const int MaxLength = 4096;

    private const int SignatureBytes = 64;

    /// <summary>Signs a payload.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="kid">Its name.</param>
    /// <param name="claims">What is signed; it becomes JSON.</param>
    public static string Sign(ECDsa key, string kid, IReadOnlyDictionary<string, object> claims)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = Name, ["typ"] = AccessTokenType, ["kid"] = kid });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Takes a token apart, without believing anything of it.</summary>
    /// <returns>Null if it is no such token: other parts, other base64, no JSON objects, another algorithm, critical extensions, repeated
    /// members.</returns>
    public static Jws? Read(string token)
    {
        if (token.Length > MaxLength || token.Split('.') is not [var header, var payload, var signature])
        {
            return null;
        }

        // RFC 7515 §4.1.11: what is critical and not understood must be refused; here nothing is understood.
        return Object(header) is { } head
            && Text(head, "alg") == Name
            && !head.TryGetProperty("crit", out _)
            && Object(payload) is { } claims
            && Bytes(signature) is { Length: SignatureBytes } bytes
            ? new Jws(Text(head, "kid"), Text(head, "typ"), claims, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), bytes)
            : null;
    }

    /// <summary>A member that is a text, or null.</summary>
    internal static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A value that is a text, or null.</summary>
    internal static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: JSON, but no text.
            return null;
        }
    }

    private static JsonElement? Object(string part)
    {
        try
        {
            // The reader of JSON looks at no text that nobody asks for.
            return Bytes(part) is { } bytes && Utf8.IsValid(bytes)
                && JsonSerializer.Deserialize<JsonElement>(bytes, Strict) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 7515 §2: without padding, and in the one spelling that a value has: otherwise two tokens could differ and say the same.
    private static byte[]? Bytes(string part) =>
        Base64Url.IsValid(part) && Base64Url.DecodeFromChars(part) is var bytes && Base64Url.EncodeToString(bytes) == part ? bytes : null;

    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
}

/// <summary>A token that was taken apart. It says nothing until <see cref="IsSignedBy"/>.</summary>
/// <param name="Kid">The name of the key that it claims.</param>
/// <param name="Type">What it says that it is.</param>
/// <param name="Claims">What it claims.</param>
/// <param name="Content">The bytes that the signature is over.</param>
/// <param name="Signature">Two numbers of 32 bytes.</param>
public sealed record Jws(string? Kid, string? Type, JsonElement Claims, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Whether this key signed it.</summary>
    public bool IsSignedBy(ECDsa key) => key.VerifyData(
        Content.Span, Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Without what it claims.</summary>
    public override string ToString() => "******";
}
