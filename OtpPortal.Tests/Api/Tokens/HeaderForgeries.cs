using System.Security.Cryptography;
using System.Text;
using static OtpPortal.Tests.Api.Tokens.Forgeries;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Tokens whose header is wrong in one point, or whose header or claims are no JSON of RFC 7519.</summary>
internal static class HeaderForgeries
{
    /// <summary>Each forgery by what is wrong with it.</summary>
    public static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> All =>
        [.. Algorithms(), .. Keys(), .. Headers(), .. Documents()];

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
}
