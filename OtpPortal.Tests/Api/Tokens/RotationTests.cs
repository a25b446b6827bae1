using System.Net;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Signing keys through their lives, on one node and on two.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private const string Email = "rotation@example.com";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilDue = TimeSpan.FromDays(90) - KeySchedule.Ahead;

    private readonly ApiHost api = new();

    private TestClock Clock => api.Portal.Clock!;

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_new_signing_key_is_published_for_an_hour_before_it_signs()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(UntilDue - Second);
        Assert.Equal([old], await PublishedAsync(api));

        Clock.Advance(Second);
        var both = await PublishedAsync(api);
        Assert.Equal(old, both[0]);
        Assert.Equal(2, both.Count);
        Assert.Equal(old, KidOf(await TokenAsync()));

        Clock.Advance(KeySchedule.Ahead - Second);
        Assert.Equal(old, KidOf(await TokenAsync()));
        Clock.Advance(Second);
        Assert.Equal(both[1], KidOf(await TokenAsync()));
    }

    [Fact]
    public async Task Tokens_stay_valid_across_a_key_rotation_and_the_old_key_goes_with_the_last_of_them()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(UntilDue);
        await PublishedAsync(api);
        Clock.Advance(KeySchedule.Ahead - Second);
        var last = await TokenAsync();
        Assert.Equal(old, KidOf(last));

        Clock.Advance(Second);
        var first = await TokenAsync();
        Assert.NotEqual(old, KidOf(first));
        Clock.Advance(TimeSpan.FromMinutes(15) + AccessTokens.Skew - Second - Second);
        (await api.GetAsync("/api/auth/me", last)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/auth/me", first)).Is(HttpStatusCode.OK);
        Assert.Equal([old, KidOf(first)], await PublishedAsync(api));
        await PurgeAsync();
        Assert.Equal(2, await RowsAsync());

        // The last token is over; its key is published for a second more.
        Clock.Advance(Second);
        (await api.GetAsync("/api/auth/me", last)).Is(HttpStatusCode.Unauthorized);
        Assert.Equal([old, KidOf(first)], await PublishedAsync(api));

        Clock.Advance(Second);
        Assert.Equal([KidOf(first)], await PublishedAsync(api));
        await PurgeAsync();
        Assert.Equal(1, await RowsAsync());
        (await api.GetAsync("/api/auth/me", await TokenAsync())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_portal_unused_for_a_year_signs_with_its_old_key_and_publishes_a_new_one()
    {
        var old = KidOf(await TokenAsync());
        Clock.Advance(TimeSpan.FromDays(365));

        var token = await TokenAsync();
        Assert.Equal(old, KidOf(token));
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);
        Assert.Equal(2, (await PublishedAsync(api)).Count);
    }

    [Fact]
    public async Task Two_nodes_on_one_database_agree_on_the_signing_key()
    {
        await using var other = await SecondNodeAsync();
        var (mine, theirs) = (await TokenAsync(), (await other.LoginAsync(Email)).Of("token"));

        Assert.Equal(KidOf(mine), KidOf(theirs));
        (await other.GetAsync("/api/auth/me", mine)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/auth/me", theirs)).Is(HttpStatusCode.OK);

        Clock.Advance(UntilDue);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => PublishedAsync(i % 2 == 0 ? api : other)));
        Assert.Equal(await PublishedAsync(api), await PublishedAsync(other));
        Assert.Equal(2, await RowsAsync());

        // Signed out at one, signed out at the other.
        (await other.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, (await other.LoginAsync(Email)).Of("token"))).Is(
            HttpStatusCode.NoContent);
        var after = (await other.LoginAsync(Email)).Of("token");
        (await api.GetAsync("/api/auth/me", after)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_signing_key_is_made_however_many_requests_come_first()
    {
        await using var other = await SecondNodeAsync();
        Assert.Equal(0, await RowsAsync());

        var seen = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => PublishedAsync(i % 2 == 0 ? api : other)));

        Assert.Equal(1, await RowsAsync());
        Assert.Single(seen.Select(Assert.Single).Distinct(StringComparer.Ordinal));
    }

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
    public async Task A_node_that_can_open_an_old_signing_key_only_does_not_sign_with_it_once_it_is_unpublished()
    {
        // Two nodes that do not share the keys beside the database, by mistake: each makes its own, and neither opens the other's.
        var old = KidOf(await TokenAsync());
        var theirs = new SigningKey
        {
            Kid = "theirs",
            X = new string('A', 43),
            Y = new string('A', 43),
            ProtectedKey = Convert.ToBase64String("not ours"u8),
            CreatedAt = Clock.GetUtcNow() + Second,
        };
        await api.Portal.Lane.RunAsync(
            async db =>
            {
                db.SigningKeys.Add(theirs);
                await db.SaveChangesAsync();
            },
            CancellationToken.None);
        Assert.Equal(old, KidOf(await TokenAsync()));

        Clock.Advance(KeySchedule.Ahead + TimeSpan.FromMinutes(15) + AccessTokens.Skew + Second);
        var token = await TokenAsync();

        Assert.NotEqual(old, KidOf(token));
        Assert.Contains(KidOf(token), await PublishedAsync(api));
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

    private static string KidOf(string token) => Es256.Read(token)!.Kid!;

    private static bool Contains(byte[] all, byte[] part) => all.AsSpan().IndexOf(part) >= 0;

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static async Task<List<string>> PublishedAsync(ApiHost node) =>
        [.. (await node.GetAsync("/.well-known/jwks.json")).Is(HttpStatusCode.OK).Json.GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!)];

    private async Task<string> TokenAsync() => (await api.LoginAsync(Email)).Of("token");

    private Task<int> RowsAsync() => api.Portal.ReadAsync(db => db.SigningKeys.CountAsync());

    private async Task PurgeAsync()
    {
        foreach (var purge in api.Portal.Services.GetServices<IPurge>())
        {
            await purge.RunAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<ApiHost> SecondNodeAsync()
    {
        var node = new ApiHost
        {
            Portal = new PortalHost { Configure = PortalHost.HashQuickly, Database = api.Portal.DatabasePath, Clock = Clock },
        };
        await node.InitializeAsync();
        return node;
    }
}
