using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OtpPortal.Tests.Support;

/// <summary>
/// Certificates that the tests make themselves, and a check that takes some of them for issued by somebody trusted.
/// </summary>
internal static class TestCertificates
{
    private static readonly ConcurrentDictionary<string, bool> Trusted = new();

    /// <summary>For localhost, trusted.</summary>
    public static X509Certificate2 Localhost { get; } = Trust(Make("localhost"));

    /// <summary>For localhost, issued by nobody.</summary>
    public static X509Certificate2 Untrusted { get; } = Make("localhost");

    /// <summary>Trusted, but for another name.</summary>
    public static X509Certificate2 OfAnother { get; } = Trust(Make("mail.example.com"));

    /// <summary>Adds the issuer of the trusted ones, and forgives nothing else.</summary>
    public static bool Check(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && Trusted.ContainsKey(shown!.GetCertHashString()));

    private static X509Certificate2 Trust(X509Certificate2 certificate)
    {
        Trusted[certificate.GetCertHashString()] = true;
        return certificate;
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
