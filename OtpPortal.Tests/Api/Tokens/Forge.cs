using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// Makes tokens that the portal would not: with the portal's own key, so that only what is wrong on purpose is wrong, or with
/// another.
/// </summary>
public sealed class Forge
{
    private readonly ECDsa portalKey;

    private Forge(ECDsa portalKey, string kid, string issuer, IssuedSession session, long now) =>
        (this.portalKey, Kid, Issuer, Subject, Session, Now) = (portalKey, kid, issuer, session.User.Id, session.SessionId, now);

    /// <summary>The name of the portal's key.</summary>
    public string Kid { get; }

    /// <summary>What the portal calls itself.</summary>
    public string Issuer { get; }

    /// <summary>The account that tokens are for.</summary>
    public string Subject { get; }

    /// <summary>A session of that account.</summary>
    public string Session { get; }

    /// <summary>The portal's time, in seconds.</summary>
    public long Now { get; }

    /// <summary>A key that is not the portal's.</summary>
    public ECDsa Foreign { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The portal's public key as it is published, in every form in which somebody might take it for a secret.</summary>
    public byte[] PublicKey => portalKey.ExportSubjectPublicKeyInfo();

    /// <summary>Takes the newest key of the portal out of its database.</summary>
    public static async Task<Forge> InAsync(PortalHost portal, IssuedSession session)
    {
        var row = await portal.ReadAsync(db => db.SigningKeys.OrderByDescending(key => key.CreatedAt).FirstAsync());
        var protector = portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("OtpPortal.SigningKeys");
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(protector.Unprotect(Convert.FromBase64String(row.ProtectedKey)), out _);
        return new Forge(
            key,
            row.Kid,
            portal.Services.GetRequiredService<IOptions<JwtOptions>>().Value.Issuer,
            session,
            portal.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds());
    }

    /// <summary>A header with members changed, or taken away (null), or added. Values are JSON.</summary>
    public string Header(params (string Name, string? Json)[] changes) =>
        Members([("alg", "\"ES256\""), ("typ", "\"at+jwt\""), ("kid", $"\"{Kid}\"")], changes);

    /// <inheritdoc cref="Header"/>
    public string Claims(params (string Name, string? Json)[] changes) => Members(
        [
            ("iss", $"\"{Issuer}\""), ("aud", "\"OtpPortal\""), ("sub", $"\"{Subject}\""), ("sid", $"\"{Session}\""),
                ("jti", $"\"{Guid.CreateVersion7(DateTimeOffset.FromUnixTimeSeconds(Now)):n}\""),
            ("iat", Now.ToString(CultureInfo.InvariantCulture)), ("exp", (Now + 900).ToString(CultureInfo.InvariantCulture)),
        ],
        changes);

    /// <summary>A token over this header and these claims, signed by the portal's key unless told otherwise.</summary>
    public string Token(string? header = null, string? claims = null, Func<byte[], byte[]>? sign = null) =>
        Finish($"{Encode(header ?? Header())}.{Encode(claims ?? Claims())}", sign);

    /// <summary>Two parts and a signature over them, whatever they are.</summary>
    public string Finish(string parts, Func<byte[], byte[]>? sign = null) =>
        $"{parts}.{Base64Url.EncodeToString((sign ?? Sign)(Encoding.UTF8.GetBytes(parts)))}";

    /// <summary>As the portal signs.</summary>
    public byte[] Sign(byte[] content) =>
        portalKey.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>The same signature in the form that X.509 has.</summary>
    public byte[] SignDer(byte[] content) => portalKey.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>By somebody else.</summary>
    public byte[] SignForeign(byte[] content) =>
        Foreign.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Members((string Name, string Json)[] usual, (string Name, string? Json)[] changes)
    {
        var members = usual.Select(member => (member.Name, Json: changes.Any(change => change.Name == member.Name) ? null : member.Json))
            .Concat(changes.Select(change => (change.Name, change.Json)))
            .Where(member => member.Json is not null)
            .Select(member => $"\"{member.Name}\":{member.Json}");
        return $"{{{string.Join(',', members)}}}";
    }
}
