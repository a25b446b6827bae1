using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// The key sets of RFC 7517, Appendices A.1 and A.2. Their EC key is marked for encryption (<c>"use":"enc"</c>), which one that verifies
/// signatures must pass over (§4.2); marked for signatures it is read.
/// </summary>
public sealed class Rfc7517Tests
{
    private const string PublicKeys =
        """
        {"keys":
          [
            {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
          ]
        }
        """;

    // A.2 has the same keys with their private members; of the EC key it is this one.
    private const string PrivateMember = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";

    [Fact]
    public void The_RFC_7517_EC_key_is_read_where_it_is_for_signatures()
    {
        var key = Read(EcKey(use: "sig"))!;

        Assert.Equal("1", key.Kid);
        Assert.Equal("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", key.X);
        Assert.Equal("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", key.Y);
        Assert.Equal(key, Read(EcKey(use: null)));

        // Only a point on the curve makes a key.
        using var ecdsa = key.ToECDsa();
        Assert.Equal(256, ecdsa.KeySize);
    }

    [Fact]
    public void The_RFC_7517_keys_for_encryption_and_of_RSA_are_skipped()
    {
        var keys = JsonNode.Parse(PublicKeys)!["keys"]!.AsArray();

        Assert.Equal(2, keys.Count);
        Assert.All(keys, key => Assert.Null(Read(key!.AsObject())));
    }

    [Fact]
    public void Only_the_public_half_of_a_private_key_is_read_and_it_is_the_right_one()
    {
        var json = EcKey(use: "sig");
        json["d"] = PrivateMember;
        var key = Read(json)!;
        using var pair = ECDsa.Create(
            new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(PrivateMember) });
        using var half = key.ToECDsa();

        Assert.True(Es256.Read(Es256.Sign(pair, key.Kid, new Dictionary<string, object>(StringComparer.Ordinal)))!.IsSignedBy(half));
        Assert.DoesNotContain(PrivateMember, JsonSerializer.Serialize(key, JsonSerializerOptions.Web), StringComparison.Ordinal);
        Assert.ThrowsAny<CryptographicException>(() => half.ExportParameters(includePrivateParameters: true));
    }

    [Fact]
    public void A_key_without_an_id_is_named_by_its_thumbprint()
    {
        var json = EcKey(use: null);
        json.Remove("kid");
        using var ecdsa = Read(json)!.ToECDsa();

        Assert.Equal(43, Read(json)!.Kid.Length);
        Assert.Equal(JsonWebKey.Of(ecdsa), Read(json));
    }

    [Theory]
    [InlineData("kty", "\"ec\"")]
    [InlineData("kty", "\"oct\"")]
    [InlineData("crv", "\"P-384\"")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("alg", "\"none\"")]
    [InlineData("x", "17")]
    [InlineData("x", "\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=\"")]
    [InlineData("x", "\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7A\"")]
    [InlineData("y", "\"\"")]
    [InlineData("y", "\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM 4Etl6SRW\"")]
    [InlineData("y", "\"\\ud800\"")]
    public void A_JSON_web_key_with_any_other_value_is_skipped(string member, string value)
    {
        var json = EcKey(use: "sig").ToJsonString();
        var changed = JsonNode.Parse(json)!.AsObject();
        changed.Remove(member);
        var text = changed.ToJsonString()[..^1] + $",\"{member}\":{value}}}";

        Assert.NotNull(JsonWebKey.Parse(JsonSerializer.Deserialize<JsonElement>(json)));
        Assert.Null(JsonWebKey.Parse(JsonSerializer.Deserialize<JsonElement>(text)));
    }

    [Theory]
    [InlineData("kty")]
    [InlineData("crv")]
    [InlineData("x")]
    public void A_JSON_web_key_without_a_required_member_is_skipped(string member)
    {
        var key = EcKey(use: "sig");
        Assert.NotNull(Read(key));
        key.Remove(member);
        Assert.Null(Read(key));
    }

    [Fact]
    public void A_JSON_web_key_with_a_point_beside_the_curve_is_skipped()
    {
        // x and y of the example, exchanged.
        var beside = new JsonWebKey("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "1");
        Assert.ThrowsAny<CryptographicException>(beside.ToECDsa);
    }

    private static JsonObject EcKey(string? use)
    {
        var key = JsonNode.Parse(PublicKeys)!["keys"]![0]!.AsObject();
        key.Remove("use");
        if (use is not null)
        {
            key["use"] = use;
        }

        return key;
    }

    private static JsonWebKey? Read(JsonObject key) => JsonWebKey.Parse(key.Deserialize<JsonElement>());
}
