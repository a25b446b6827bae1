using System.Security.Cryptography;
using System.Text;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Tokens that are wrong in one point each.</summary>
internal static class Forgeries
{
    /// <summary>Each forgery by what is wrong with it.</summary>
    public static IReadOnlyDictionary<string, Func<ForgeHost, string>> All { get; } = new[]
    {
        Algorithms(), Keys(), Headers(), Documents(), ClaimsOf(), Subjects(), Times(), Signatures(), Spellings(),
    }.SelectMany(forgeries => forgeries).ToDictionary(StringComparer.Ordinal);

    // RFC 8725 §2.1, §3.1
    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Algorithms()
    {
        foreach (var none in (string[])["none", "None", "NONE", "nOnE"])
        {
            yield return Of($"alg {none}, signed all the same", forge => forge.Token(forge.Header(("alg", $"\"{none}\""))));
            yield return Of($"alg {none}, no signature", forge => forge.Token(forge.Header(("alg", $"\"{none}\"")), sign: _ => []));
        }

        yield return Of("HS256 with the public key as its secret",
            forge => forge.Token(forge.Header(("alg", "\"HS256\"")), sign: content => HMACSHA256.HashData(forge.PublicKey, content)));
        yield return Of(
            "HS256 with the public key's PEM as its secret",
            forge => forge.Token(
                forge.Header(("alg", "\"HS256\"")),
                    sign: content =>
                        HMACSHA256.HashData(Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", forge.PublicKey)), content)));
        yield return Of("HS512, as long as ours",
            forge => forge.Token(forge.Header(("alg", "\"HS512\"")), sign: content => HMACSHA512.HashData(forge.PublicKey, content)));
        foreach (var other in (string[])["RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", "ES256 ", "", "ES256\\u0000"])
        {
            yield return Of($"alg '{other}' over a signature with ES256", forge => forge.Token(forge.Header(("alg", $"\"{other}\""))));
        }

        foreach (var json in (string?[])[null, "256", "true", "null", "[\"ES256\"]", "{\"ES256\":1}", "\"\\ud800\""])
        {
            yield return Of($"alg {json ?? "missing"}", forge => forge.Token(forge.Header(("alg", json))));
        }

        yield return Of("alg in another case", forge => forge.Token(forge.Header(("alg", null), ("ALG", "\"ES256\""))));
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Keys()
    {
        yield return Of("a foreign key under our name", forge => forge.Token(sign: forge.SignForeign));
        yield return Of("a foreign key under its own name",
            forge => forge.Token(
                forge.Header(("kid", $"\"{OtpPortal.Api.Tokens.JsonWebKey.Of(forge.Foreign).Kid}\"")), sign: forge.SignForeign));
        string?[] kids =
        [
            null, "\"\"", "17", "null", "[]", "\"../../../../dev/null\"", "\"/dev/null\"", "\"' OR 1=1 --\"",
                "\"x' UNION SELECT 'a','b' --\"", "\"\\u0000\"", "\"\\ud800\"",
            "\"http://127.0.0.1/key\"", "\"| id\"", $"\"{new string('k', 2000)}\"",
        ];
        foreach (var kid in kids)
        {
            yield return Of($"kid {(kid?.Length > 50 ? kid[..50] : kid) ?? "missing"}", forge => forge.Token(forge.Header(("kid", kid))));
        }

        yield return Of("kid of ours with a space behind", forge => forge.Token(forge.Header(("kid", $"\"{forge.Kid} \""))));
        yield return Of("kid of ours in capitals", forge => forge.Token(forge.Header(("kid", $"\"{forge.Kid.ToUpperInvariant()}\""))));
        yield return Of("jwk with the attacker's key", forge => forge.Token(forge.Header(("jwk", Jwk(forge))), sign: forge.SignForeign));
        yield return Of("jwk with the attacker's key, and no kid",
            forge => forge.Token(forge.Header(("kid", null), ("jwk", Jwk(forge))), sign: forge.SignForeign));
        yield return Of("jku of the attacker",
            forge => forge.Token(forge.Header(("jku", "\"http://127.0.0.1:9/jwks.json\"")), sign: forge.SignForeign));
        yield return Of(
            "x5u of the attacker", forge => forge.Token(forge.Header(("x5u", "\"http://127.0.0.1:9/cert.pem\"")), sign: forge.SignForeign));
        yield return Of("x5c of the attacker",
            forge => forge.Token(forge.Header(("x5c", $"[\"{Convert.ToBase64String(forge.Foreign.ExportSubjectPublicKeyInfo())}\"]")),
                sign: forge.SignForeign));
        static string Jwk(Forge forge) =>
            System.Text.Json.JsonSerializer.Serialize(
                OtpPortal.Api.Tokens.JsonWebKey.Of(forge.Foreign), System.Text.Json.JsonSerializerOptions.Web);
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Headers()
    {
        foreach (var crit in (string[])["[\"exp\"]", "[\"b64\"]", "[\"http://example.com/UNDEFINED\"]", "[]", "null", "\"\""])
        {
            yield return Of($"crit {crit}", forge => forge.Token(forge.Header(("crit", crit))));
        }

        // RFC 9068 §2.1: a token that was signed for something else is not taken for an access token.
        foreach (var type in (string?[])[
            null, "null", "\"\"", "\"JWT\"", "\"at+JWT\"", "\"application/at+jwt\"", "\"at+jwt \"", "[\"at+jwt\"]"])
        {
            yield return Of($"typ {type}", forge => forge.Token(forge.Header(("typ", type))));
        }

        // RFC 7797: the payload as it is, and the header says so.
        yield return Of("b64 false, critical", forge => forge.Token(forge.Header(("b64", "false"), ("crit", "[\"b64\"]"))));
        yield return Of("b64 false, and the payload is not encoded",
            forge => forge.Finish($"{Forge.Encode(forge.Header(("b64", "false"), ("crit", "[\"b64\"]")))}.{forge.Claims()}"));
    }

    /// <summary>JSON that is not what RFC 7519 asks for: names that stand twice or are no text, nesting, other encodings.</summary>
    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Documents()
    {
        yield return Of("alg twice", forge => forge.Token(forge.Header()[..^1] + ",\"alg\":\"none\"}"));
        yield return Of("alg twice, spelt differently", forge => forge.Token(forge.Header()[..^1] + ",\"\\u0061lg\":\"none\"}"));
        yield return Of("kid twice", forge => forge.Token(forge.Header()[..^1] + ",\"kid\":\"other\"}"));
        yield return Of("sub twice", forge => forge.Token(claims: forge.Claims()[..^1] + $",\"sub\":\"{forge.Subject}\"}}"));
        yield return Of("the same twice, deep inside", forge => forge.Token(claims: forge.Claims(("extra", "[{\"a\":1,\"a\":2}]"))));
        yield return Of("a lone surrogate as a name in the header", forge => forge.Token(forge.Header(("\\ud800", "1"))));
        yield return Of(
            "two lone surrogates as names in the header", forge => forge.Token(forge.Header(("\\ud800", "1"), ("\\udc00", "1"))));
        yield return Of("a lone surrogate as a name before alg", forge => forge.Token("{\"\\ud800lg\":1," + forge.Header()[1..]));
        yield return Of(
            "a name of four escapes in place of crit", forge => forge.Token(forge.Header(("\\u0063\\u0072\\u0069\\u0074", "[]"))));
        yield return Of("nested JSON", forge => forge.Token(forge.Header(("deep", new string('[', 900) + new string(']', 900)))));
        yield return Of("nested claims", forge => forge.Token(claims: forge.Claims(("deep", new string('[', 900) + new string(']', 900)))));
        foreach (var no in (string[])["", "null", "[]", "\"ES256\"", "1", "{", "{}x", "{\"alg\":\"ES256\",}", "/**/{}", "\ufeff{}", "\0"])
        {
            yield return Of($"header {no}", forge => forge.Token(no));
            yield return Of($"claims {no}", forge => forge.Token(claims: no));
        }

        yield return Of("claims that are no UTF-8",
            forge => forge.Finish(
                $"{Forge.Encode(forge.Header())}.{System.Buffers.Text.Base64Url.EncodeToString([.. Encoding.UTF8.GetBytes(forge.Claims()[..^1] + ",\"x\":\""), 0xff, 0xc0, (byte)'"', (byte)'}'])}"));
        yield return Of("a header in UTF-16",
            forge => forge.Finish(
                $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.Unicode.GetBytes(forge.Header()))}.{Forge.Encode(forge.Claims())}"));
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> ClaimsOf()
    {
        foreach (var claim in (string[])["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
        {
            yield return Of($"no {claim}", forge => forge.Token(claims: forge.Claims((claim, null))));
            foreach (var json in (string[])["null", "true", "{}", "[]", "\"\"", "\"\\ud800\""])
            {
                yield return Of($"{claim} {json}", forge => forge.Token(claims: forge.Claims((claim, json))));
            }

            yield return Of($"{claim} in capitals",
                forge => forge.Token(claims: forge.Claims((claim, null))[..^1] + $",\"{claim.ToUpperInvariant()}\":1}}"));
        }

        foreach (var iss in (string[])["\"{0}/\"", "\" {0}\"", "\"http://example.com\"", "\"https://{0}\"", "[\"{0}\"]", "1"])
        {
            yield return Of($"iss {iss}",
                forge => forge.Token(claims: forge.Claims(("iss", iss.Replace("{0}", forge.Issuer, StringComparison.Ordinal)))));
        }

        yield return Of(
            "iss in another case", forge => forge.Token(claims: forge.Claims(("iss", $"\"{forge.Issuer.ToUpperInvariant()}\""))));

        foreach (var aud in (string[])["\"other\"", "\"otpportal\"", "\"OtpPortal \"", "[\"other\",\"another\"]", "[null,1,{}]",
            "[[\"OtpPortal\"]]", "[\"\\ud800\"]", "{\"OtpPortal\":1}", "1"])
        {
            yield return Of($"aud {aud}", forge => forge.Token(claims: forge.Claims(("aud", aud))));
        }

        yield return Of("jti 17", forge => forge.Token(claims: forge.Claims(("jti", "17"))));
        yield return Of("a lone surrogate as a name in the claims", forge => forge.Token(claims: forge.Claims(("\\udfff", "1"))));
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Subjects()
    {
        yield return new("sub of a deleted account", host => host.Forge.Token(claims: host.Forge.Claims(("sub", $"\"{host.Deleted}\""))));
        yield return new("sub of another account", host => host.Forge.Token(claims: host.Forge.Claims(("sub", $"\"{host.Other}\""))));
        yield return new(
            "sid of another account", host => host.Forge.Token(claims: host.Forge.Claims(("sid", $"\"{host.OthersSession}\""))));
        yield return new(
            "sid of a session that was ended", host => host.Forge.Token(claims: host.Forge.Claims(("sid", $"\"{host.Ended}\""))));
        yield return Of("sid of nothing", forge => forge.Token(claims: forge.Claims(("sid", "\"0123456789abcdef0123456789abcdef\""))));
        yield return Of(
            "sub of ours in capitals", forge => forge.Token(claims: forge.Claims(("sub", $"\"{forge.Subject.ToUpperInvariant()}\""))));
        foreach (var sub in (string[])[$"\"{ForgeHost.Email}\"", "\"%\"", "\"' OR 1=1 --\"", "\"\\u0000\"", "1"])
        {
            yield return Of($"sub {sub}", forge => forge.Token(claims: forge.Claims(("sub", sub))));
        }
    }

    private static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> Times()
    {
        foreach (var claim in (string[])["iat", "exp", "nbf"])
        {
            yield return Of($"{claim} as a text", forge => forge.Token(claims: forge.Claims((claim, $"\"{forge.Now}\""))));
            yield return Of($"{claim} with a fraction", forge => forge.Token(claims: forge.Claims((claim, $"{forge.Now}.5"))));
            yield return Of($"{claim} with an exponent", forge => forge.Token(claims: forge.Claims((claim, "1e400"))));
            yield return Of($"{claim} before 1970", forge => forge.Token(claims: forge.Claims((claim, "-1"))));
            yield return Of($"{claim} after the year 9999", forge => forge.Token(claims: forge.Claims((claim, "253402300800"))));
            yield return Of($"{claim} of 64 bits", forge => forge.Token(claims: forge.Claims((claim, "9223372036854775807"))));
            yield return Of($"{claim} of more than 64 bits", forge => forge.Token(claims: forge.Claims((claim, "99999999999999999999"))));
            yield return Of($"{claim} of the least 64 bits", forge => forge.Token(claims: forge.Claims((claim, "-9223372036854775808"))));
            yield return Of($"{claim} as an array", forge => forge.Token(claims: forge.Claims((claim, $"[{forge.Now}]"))));
        }

        yield return Of("exp in milliseconds is the year 58,000", forge => forge.Token(claims: forge.Claims(("exp", $"{forge.Now}000"))));
        yield return Of("nbf null", forge => forge.Token(claims: forge.Claims(("nbf", "null"))));
        yield return Of("exp 0", forge => forge.Token(claims: forge.Claims(("exp", "0"))));
    }

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

    private static KeyValuePair<string, Func<ForgeHost, string>> Of(string name, Func<Forge, string> forge) =>
        new(name, host => forge(host.Forge));

    // The order of P-256 (FIPS 186-4, D.1.2.3).
    private static byte[] Order => Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
}
