using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// The keys of access tokens in memory: requests that anybody can send read no keys, and what changes in the database is still noticed.
/// </summary>
public sealed class KeyCacheTests : IAsyncLifetime
{
    private const string Email = "cache@example.com";

    private readonly CollectedLogs logs = new();
    private readonly ApiHost api;

    public KeyCacheTests() => api = new ApiHost { Portal = new PortalHost { Configure = PortalHost.HashQuickly, Logs = logs } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestClock Clock => api.Portal.Clock!;

    private SigningKeys Keys => api.Portal.Services.GetRequiredService<SigningKeys>();

    /// <summary>How often the keys were read so far.</summary>
    private int Reads =>
        logs.Lines.Count(line => line.Text.Contains("Executed DbCommand", StringComparison.Ordinal)
            && line.Text.Contains("FROM \"SigningKeys\"", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        logs.Dispose();
    }

    [Fact]
    public async Task The_signing_keys_are_read_once_in_ten_seconds_however_many_requests_need_them()
    {
        var token = (await api.LoginAsync(Email)).Of("token");
        var before = Reads;
        Assert.True(before > 0, "The log does not show what is counted here.");

        await AskAsync(token);
        Assert.Equal(before, Reads);

        Clock.Advance(SigningKeys.CacheLifetime);
        await AskAsync(token);
        Assert.Equal(before + 1, Reads);
    }

    [Fact]
    public async Task Tokens_with_invented_key_ids_cause_one_read_of_the_keys_a_second()
    {
        var parts = (await api.LoginAsync(Email)).Of("token").Split('.');
        var before = Reads;

        for (var second = 1; second <= 3; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20)
                .Select(async i => (await api.GetAsync("/api/auth/me", Invented($"{second}-{i}"))).Is(HttpStatusCode.Unauthorized)));
            Assert.Equal(before + second, Reads);
            Clock.Advance(SigningKeys.UnknownKeyInterval);
        }

        string Invented(string kid) =>
            $"{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}"}"""))}.{parts[1]}.{parts[2]}";
    }

    [Fact]
    public async Task A_key_of_another_node_is_known_at_once_and_a_removed_one_is_forgotten_within_ten_seconds()
    {
        await Keys.PublishedAsync();
        var theirs = new SigningKey
        {
            Kid = "theirs",
            X = new string('A', 43),
            Y = new string('A', 43),
            ProtectedKey = Convert.ToBase64String("not ours"u8),
            CreatedAt = Clock.GetUtcNow(),
        };
        await ChangeAsync(db => db.SigningKeys.Add(theirs));

        Assert.Equal(theirs.X, (await Keys.FindAsync("theirs"))?.X);

        await ChangeAsync(db => db.SigningKeys.Remove(theirs));
        Clock.Advance(SigningKeys.CacheLifetime);
        Assert.Null(await Keys.FindAsync("theirs"));
        Assert.Single(await Keys.PublishedAsync());
    }

    private async Task AskAsync(string token) => await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        (await (i % 2 == 0 ? api.GetAsync("/.well-known/jwks.json") : api.GetAsync("/api/auth/me", token))).Is(HttpStatusCode.OK)));

    private Task ChangeAsync(Action<PortalDbContext> change) => api.Portal.Lane.RunAsync(
        async db =>
        {
            change(db);
            await db.SaveChangesAsync(Cancel);
        },
        Cancel);
}
