using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// The examples of RFC 7515, Appendix A. The one with ES256 is verified; the others are just as valid, and refused for their
/// algorithm.
/// </summary>
public sealed class Rfc7515Tests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string Key =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""";

    // A.3
    private const string Es256Example = $"eyJhbGciOiJFUzI1NiJ9.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    // A.1, its key, A.2, its modulus, A.5
    private const string Hs256Example = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Hs256Key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private const string Rs256Example =
        $"eyJhbGciOiJSUzI1NiJ9.{Payload}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    private const string Rs256Modulus =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    private const string NoneExample = $"eyJhbGciOiJub25lIn0.{Payload}.";

    private static readonly JsonWebKey Public = JsonWebKey.Parse(JsonSerializer.Deserialize<JsonElement>(Key))!;

    [Fact]
    public void The_RFC_7515_example_with_ES256_is_verified()
    {
        var jws = Es256.Read(Es256Example)!;
        using var key = Public.ToECDsa();

        Assert.True(jws.IsSignedBy(key));
        Assert.Null(jws.Kid);
        Assert.Equal("joe", jws.Claims.GetProperty("iss").GetString());
        Assert.Equal(1300819380, jws.Claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void The_RFC_7515_example_with_any_changed_bit_is_refused()
    {
        using var key = Public.ToECDsa();
        var parts = Es256Example.Split('.');
        for (var part = 0; part < parts.Length; part++)
        {
            var bytes = Base64Url.DecodeFromChars(parts[part]);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var changed = (byte[])bytes.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                var token = string.Join('.', parts.Select((text, i) => i == part ? Base64Url.EncodeToString(changed) : text));

                Assert.False(Es256.Read(token)?.IsSignedBy(key) ?? false, $"bit {bit} of part {part}");
            }
        }
    }

    [Fact]
    public void The_RFC_7515_example_is_refused_with_another_key_of_the_same_curve()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.False(Es256.Read(Es256Example)!.IsSignedBy(other));
    }

    [Fact]
    public void The_RFC_7515_example_with_HS256_is_valid_and_refused()
    {
        Assert.Equal(Base64Url.DecodeFromChars(Signature(Hs256Example)),
            HMACSHA256.HashData(Base64Url.DecodeFromChars(Hs256Key), Signed(Hs256Example)));
        Assert.Null(Es256.Read(Hs256Example));
    }

    [Fact]
    public void The_RFC_7515_example_with_RS256_is_valid_and_refused()
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(Rs256Modulus), Exponent = [1, 0, 1] });
        Assert.True(
            rsa.VerifyData(Signed(Rs256Example), Base64Url.DecodeFromChars(Signature(Rs256Example)), HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1));
        Assert.Null(Es256.Read(Rs256Example));
    }

    [Fact]
    public void The_RFC_7515_example_without_a_signature_is_refused() => Assert.Null(Es256.Read(NoneExample));

    private static byte[] Signed(string token) => Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);

    private static string Signature(string token) => token[(token.LastIndexOf('.') + 1)..];
}
