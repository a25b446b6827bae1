using System.Net;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Signing keys of two nodes on one database.</summary>
public sealed class SigningKeyNodesTests : SigningKeyTest
{
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
}
