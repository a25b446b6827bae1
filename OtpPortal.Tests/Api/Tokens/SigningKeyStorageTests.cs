using System.Net;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>How signing keys are stored, and what becomes of them without the keys that protect them.</summary>
public sealed class SigningKeyStorageTests : SigningKeyTest
{
    [Fact]
    public async Task A_portal_without_its_data_protection_keys_signs_with_a_new_key_and_accepts_old_tokens()
    {
        var old = await TokenAsync();
        foreach (var key in api.Portal.Services.GetRequiredService<DatabaseFile>().KeyFolder.GetFiles("key-*.xml"))
        {
            key.Delete();
        }

        Clock.Advance(Second);
        await using var restored = await SecondNodeAsync();
        (await restored.GetAsync("/api/auth/me", old)).Is(HttpStatusCode.OK);
        var token = (await restored.LoginAsync(Email)).Of("token");

        Assert.NotEqual(KidOf(old), KidOf(token));
        (await restored.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);
        Assert.Equal([KidOf(old), KidOf(token)], await PublishedAsync(restored));
        Assert.Equal(KidOf(token), KidOf((await restored.LoginAsync(Email)).Of("token")));
    }

    [Fact]
    public async Task The_database_has_no_readable_private_key()
    {
        await TokenAsync();
        var row = await api.Portal.ReadAsync(db => db.SigningKeys.SingleAsync());
        var protector = api.Portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("OtpPortal.SigningKeys");
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportPkcs8PrivateKey(protector.Unprotect(Convert.FromBase64String(row.ProtectedKey)), out _);
        var secret = key.ExportParameters(includePrivateParameters: true).D!;

        var stored = Directory.GetFiles(Path.GetDirectoryName(api.Portal.DatabasePath)!, "app.db*").SelectMany(ReadShared).ToArray();

        // What is looked for is found where it is.
        Assert.True(Contains(stored, Encoding.ASCII.GetBytes(row.Kid)));
        Assert.True(Contains(stored, Encoding.ASCII.GetBytes(row.ProtectedKey)));
        Assert.All(
            new[]
            {
                secret, Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)[..40]),
                    Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(secret)[..40]),
                Encoding.ASCII.GetBytes(Convert.ToHexString(secret)),
                    Encoding.ASCII.GetBytes(Convert.ToBase64String(key.ExportPkcs8PrivateKey())[..60]),
            },
            form => Assert.False(Contains(stored, form)));
    }

    private static bool Contains(byte[] all, byte[] part) => all.AsSpan().IndexOf(part) >= 0;

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
