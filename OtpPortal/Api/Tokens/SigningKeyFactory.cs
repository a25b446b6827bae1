using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>Creates key pairs and unprotects stored ones. The private half is stored only under Data Protection.</summary>
internal sealed class SigningKeyFactory(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.SigningKeys");

    public SigningKey Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKey.Of(key);
        return new SigningKey
        {
            Kid = jwk.Kid,
            X = jwk.X,
            Y = jwk.Y,
            ProtectedKey = Convert.ToBase64String(protector.Protect(key.ExportPkcs8PrivateKey())),
            CreatedAt = clock.GetUtcNow(),
        };
    }

    public List<OpenedKey> Open(IEnumerable<SigningKey> rows) => [.. rows.Select(Open)];

    public OpenedKey Open(SigningKey row)
    {
        byte[]? opened = null;
        try
        {
            opened = protector.Unprotect(Convert.FromBase64String(row.ProtectedKey));
        }
        catch (CryptographicException)
        {
            // The keys beside the database were replaced. The public half still verifies tokens.
        }

        return new OpenedKey(row, new JsonWebKey(row.X, row.Y, row.Kid), opened);
    }
}

/// <summary>A key, and its private half (PKCS #8) if it can be unprotected here.</summary>
internal sealed record OpenedKey(SigningKey Row, JsonWebKey Public, byte[]? Private)
{
    /// <summary>Without the private half, so that no log contains it.</summary>
    public override string ToString() => Row.Kid;
}
