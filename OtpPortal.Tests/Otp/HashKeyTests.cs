using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

public sealed class HashKeyTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-key-");

    private string KeyFile => Path.Combine(folder.FullName, "app.db.otpkey");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_hash_key_is_made_once_and_read_ever_after()
    {
        var made = HashKey.Load(null, KeyFile);
        var text = File.ReadAllText(KeyFile);

        var read = HashKey.Load(null, KeyFile);

        Assert.Equal(HashKey.MinBytes, made.Bytes.Length);
        Assert.Equal(made.Bytes, read.Bytes);
        Assert.Equal(text, File.ReadAllText(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void Two_portals_that_start_at_once_have_the_same_hash_key()
    {
        var keys = new HashKey[8];
        Parallel.For(0, keys.Length, i =>
        {
            using var alone = StartupLock.Take(KeyFile + ".lock");
            keys[i] = HashKey.Load(null, KeyFile);
        });

        Assert.All(keys, key => Assert.Equal(keys[0].Bytes, key.Bytes));
        Assert.Equal([KeyFile, KeyFile + ".lock"], Directory.GetFiles(folder.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_owner_may_read_the_file_of_the_hash_key()
    {
        HashKey.Load(null, KeyFile);

        UnixRights.AssertEqual(UnixRights.OwnersFile, KeyFile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("c2hvcnQ=")]
    public void A_file_without_a_hash_key_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(KeyFile, content);

        var refusal = Assert.Throws<StartupException>(() => HashKey.Load(null, KeyFile));

        Assert.Contains("Otp:HashKey", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(KeyFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_hash_key_file_that_cannot_be_made_stops_the_start()
    {
        var refusal = Assert.Throws<StartupException>(() => HashKey.Load(null, Path.Combine(folder.FullName, "missing", "key")));

        Assert.Contains("Otp:HashKey", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Allowed:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_hash_key_needs_no_file()
    {
        var bytes = Enumerable.Range(0, 48).Select(i => (byte)i).ToArray();

        var key = HashKey.Load(Convert.ToBase64String(bytes), KeyFile);

        Assert.Equal(bytes, key.Bytes);
        Assert.False(File.Exists(KeyFile));
        Assert.Equal("******", key.ToString());
    }

    [Fact]
    public void A_hash_key_has_at_least_as_many_bytes_as_the_hash()
    {
        Assert.False(HashKey.TryParse(Convert.ToBase64String(new byte[31]), out var none));
        Assert.Null(none);
        Assert.True(HashKey.TryParse(Convert.ToBase64String(new byte[32]) + "\n", out _));
    }
}
