using static OtpPortal.Tests.Api.Tokens.Forgeries;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Tokens whose claims are wrong in one point.</summary>
internal static class ClaimForgeries
{
    /// <summary>Each forgery by what is wrong with it.</summary>
    public static IEnumerable<KeyValuePair<string, Func<ForgeHost, string>>> All => [.. ClaimsOf(), .. Subjects(), .. Times()];

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
}
