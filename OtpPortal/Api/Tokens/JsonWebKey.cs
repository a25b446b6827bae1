using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OtpPortal.Api.Tokens;

/// <summary>The public half of a key on P-256 as a JSON Web Key (RFC 7517, RFC 7518 §6.2).</summary>
/// <param name="X">The first coordinate of the point, 32 bytes in base64url.</param>
/// <param name="Y">The second coordinate of the point, 32 bytes in base64url.</param>
/// <param name="Kid">The name of the key.</param>
public sealed record JsonWebKey(string X, string Y, string Kid)
{
    private const int CoordinateBytes = 32;

    /// <summary>Always <c>EC</c>.</summary>
    [JsonPropertyOrder(-2)] public string Kty => "EC";

    /// <summary>Always <c>P-256</c>.</summary>
    [JsonPropertyOrder(-1)] public string Crv => "P-256";

    /// <summary>Always <c>sig</c>: the key only verifies signatures.</summary>
    public string Use => "sig";

    /// <summary>Always <c>ES256</c>.</summary>
    public string Alg => Es256.Name;

    /// <summary>The public half of a key pair, named by its thumbprint.</summary>
    public static JsonWebKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return new JsonWebKey(x, y, Thumbprint(x, y));
    }

    /// <summary>Reads a key. Null if it is not on P-256 or not for signatures. Private members are ignored.</summary>
    public static JsonWebKey? Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text("kty") != "EC" || Text("crv") != "P-256"
            || Text("alg") is not (null or Es256.Name)
            || Text("use") is not (null or "sig"))
        {
            return null;
        }

        return Text("x") is { } x && Text("y") is { } y && IsCoordinate(x) && IsCoordinate(y)
            ? new JsonWebKey(x, y, Text("kid") ?? Thumbprint(x, y))
            : null;

        string? Text(string name) => Es256.Text(json, name);
    }

    /// <summary>The key to verify with.</summary>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public ECDsa ToECDsa() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
    });

    /// <summary>RFC 7638: SHA-256 over the required members in lexicographic order, without white space.</summary>
    private static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    private static bool IsCoordinate(string text) =>
        Base64Url.IsValid(text, out var bytes) && bytes == CoordinateBytes && !text.Contains('=', StringComparison.Ordinal);
}
