using System.Security.Cryptography;
using System.Text;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Otp;

public sealed class CodeHasherTests
{
    private static readonly byte[] KeyBytes = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly Binding Browser = Binding.FromVerifier("verifier");

    [Fact]
    public void The_hash_of_a_code_is_the_HMAC_of_purpose_address_binding_and_code()
    {
        // Computed here anew: a change of the hash would make every code on its way worthless at the next deployment.
        var challenge = Convert.ToBase64String(SHA256.HashData("verifier"u8)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var text = $"forgot_password\0ann@example.com\0{challenge}\0123456";
        var expected = Convert.ToHexString(HMACSHA256.HashData(KeyBytes, Encoding.UTF8.GetBytes(text)));

        Assert.Equal(expected, Hash(Purpose.ForgotPassword, "ann@example.com", Browser, "123456"));
    }

    [Fact]
    public void The_hash_of_a_code_differs_with_each_of_its_inputs()
    {
        var otherKey = Convert.ToBase64String([.. Enumerable.Range(2, 32).Select(i => (byte)i)]);
        string[] hashes =
        [
            Hash(Purpose.Login, "ann@example.com", Browser, "123456"),
            Hash(Purpose.Register, "ann@example.com", Browser, "123456"),
            Hash(Purpose.ForgotPassword, "ann@example.com", Browser, "123456"),
            Hash(Purpose.Login, "bob@example.com", Browser, "123456"),
            Hash(Purpose.Login, "ann@example.com", Binding.None, "123456"),
            Hash(Purpose.Login, "ann@example.com", Binding.FromVerifier("other"), "123456"),
            Hash(Purpose.Login, "ann@example.com", Browser, "123457"),
            Hash(Purpose.Login, "ann@example.com", Browser, "123456", otherKey),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Matches("^[0-9A-F]{64}$", hash));
    }

    [Fact]
    public void The_hash_of_a_code_is_the_same_for_the_same_inputs() =>
        Assert.Equal(Hash(Purpose.Login, "ann@example.com", Browser, "123456"), Hash(Purpose.Login, "ann@example.com", Browser, "123456"));

    [Fact]
    public void The_hash_that_no_code_matches_is_random_and_as_long_as_a_real_one()
    {
        var hasher = Hasher();
        var hashes = Enumerable.Range(0, 100).Select(_ => hasher.Unmatchable()).ToList();

        Assert.All(hashes, hash => Assert.Matches("^[0-9A-F]{64}$", hash));
        Assert.Equal(100, hashes.Distinct().Count());
    }

    private static string Hash(Purpose purpose, string email, Binding binding, string typed, string? key = null)
    {
        Assert.True(Code.TryParse(typed, new PurposeRules(), out var code));
        return Hasher(key).Hash(purpose, Identifier.FromStored(email), binding, code);
    }

    private static CodeHasher Hasher(string? key = null)
    {
        Assert.True(HashKey.TryParse(key ?? Convert.ToBase64String(KeyBytes), out var parsed));
        return new CodeHasher(parsed, RandomNumberGenerator.Create());
    }
}
