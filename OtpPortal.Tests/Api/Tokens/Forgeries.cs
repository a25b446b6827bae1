using System.Security.Cryptography;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Tokens that are wrong in one point each.</summary>
internal static class Forgeries
{
    /// <summary>Each forgery by what is wrong with it.</summary>
    public static IReadOnlyDictionary<string, Func<ForgeHost, string>> All { get; } = new[]
    {
        HeaderForgeries.All, ClaimForgeries.All, Signatures(), Spellings(),
    }.SelectMany(forgeries => forgeries).ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Signatures()
    {
        yield return Of("in the form of X.509", forge => forge.Token(sign: forge.SignDer));
        yield return Of("r = s = 0", forge => forge.Token(sign: _ => new byte[64]));
        yield return Of("r = 0", forge => forge.Token(sign: content => [.. new byte[32], .. forge.Sign(content)[32..]]));
        yield return Of("s = 0", forge => forge.Token(sign: content => [.. forge.Sign(content)[..32], .. new byte[32]]));
        yield return Of("all ones", forge => forge.Token(sign: _ => [.. Enumerable.Repeat((byte)255, 64)]));
        yield return Of("r = s = the order of the curve", forge => forge.Token(sign: _ => [.. Order, .. Order]));
        yield return Of(
            "r and s exchanged", forge => forge.Token(sign: content => [.. forge.Sign(content)[32..], .. forge.Sign(content)[..32]]));
        foreach (var length in (int[])[0, 1, 32, 63, 65, 96, 128, 512])
        {
            yield return Of(
                $"of {length} bytes", forge => forge.Token(sign: content => [.. forge.Sign(content).Concat(new byte[512]).Take(length)]));
        }

        yield return Of("over other claims",
            forge => $"{Forge.Encode(forge.Header())}.{Forge.Encode(forge.Claims(("exp", $"{forge.Now + 901}")))}.{forge.Token().Split('.')[2]}");
        yield return Of("over another header",
            forge => $"{Forge.Encode(forge.Header(("typ", null)))}.{Forge.Encode(forge.Claims())}.{forge.Token().Split('.')[2]}");
        yield return Of("with SHA-384", forge => forge.Token(sign: content => forge.Sign(SHA384.HashData(content))));
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Spellings()
    {
        yield return Of("nothing", _ => "");
        yield return Of("dots", _ => "..");
        yield return Of("two parts", forge => string.Join('.', forge.Token().Split('.')[..2]));
        yield return Of("four parts", forge => $"{forge.Token()}.{Forge.Encode("{}")}");
        yield return Of("a dot behind", forge => $"{forge.Token()}.");
        yield return Of("a dot before", forge => $".{forge.Token()}");
        yield return Of("an empty header", forge => forge.Finish($".{Forge.Encode(forge.Claims())}"));
        yield return Of("no claims", forge => forge.Finish($"{Forge.Encode(forge.Header())}."));
        yield return Of("no signature", forge => string.Join('.', forge.Token().Split('.')[..2]) + ".");
        yield return Of(
            "a header with =", forge => forge.Finish($"{Forge.Encode(forge.Header() + "  ")[..^1]}=.{Forge.Encode(forge.Claims())}"));
        yield return Of("a signature with ==", forge => $"{forge.Token()}==");
        yield return Of("a signature with %3D", forge => $"{forge.Token()}%3D%3D");
        yield return Of("ordinary base64", forge => forge.Token(sign: forge.Sign).Replace('-', '+').Replace('_', '/') + "+/");
        yield return Of("a space inside", forge => forge.Token().Insert(10, " "));
        yield return Of("a tab inside", forge => forge.Token().Insert(10, "\t"));
        yield return Of("quotes around", forge => $"\"{forge.Token()}\"");
        yield return Of("angle brackets around", forge => $"<{forge.Token()}>");
        yield return Of("5,000 characters", _ => new string('A', 5000));
        yield return Of(
            "30,000 characters in three parts", _ => $"{new string('A', 10000)}.{new string('A', 10000)}.{new string('A', 10000)}");
        yield return Of("10,000 dots", _ => new string('.', 10000));
        yield return Of("longer than is looked at, and all right otherwise",
            forge => forge.Token(claims: forge.Claims(("extra", $"\"{new string('x', 4096)}\""))));

        // RFC 7515 §7.2, RFC 7516 §3.1
        yield return Of("in the JSON form",
            forge => $$"""{"protected":"{{Forge.Encode(forge.Header())}}","payload":"{{Forge.Encode(forge.Claims())}}","signature":"{{forge.Token().Split('.')[2]}}"}""");
        yield return Of("five parts of a JWE",
            forge => $"{Forge.Encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}")}..{Forge.Encode("iv")}.{Forge.Encode(forge.Claims())}.{Forge.Encode("tag")}");
    }

    /// <summary>A forgery that the forge alone makes.</summary>
    public static KeyValuePair<string, Func<ForgeHost, string>> Of(string name, Func<Forge, string> forge) =>
        new(name, host => forge(host.Forge));

    // The order of P-256 (FIPS 186-4, D.1.2.3).
    private static byte[] Order => Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
}
