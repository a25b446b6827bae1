using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Refresh tokens: how a session of a program goes on with them, and how it ends by itself.</summary>
public sealed class RefreshTokenTests : RefreshTokenTest
{
    [Fact]
    public async Task Each_use_of_a_refresh_token_yields_the_next_pair()
    {
        var login = await api.LoginAsync(Email);
        var token = login.Of("refreshToken");
        var seen = new HashSet<string>(StringComparer.Ordinal) { token };
        for (var i = 0; i < 5; i++)
        {
            var next = (await UseAsync(token)).Is(HttpStatusCode.OK);
            Assert.Equal(900, next.Number("expiresInSeconds"));
            Assert.Equal("Bearer", next.Of("tokenType"));
            Assert.Equal(Email, (await api.GetAsync("/api/auth/me", next.Of("token"))).Is(HttpStatusCode.OK).Of("email"));
            Assert.True(seen.Add(token = next.Of("refreshToken")));
            Assert.Equal(43, token.Length);
        }
    }

    [Fact]
    public async Task A_second_use_of_a_refresh_token_ends_its_session_with_the_access_tokens_and_no_other_session()
    {
        var other = (await api.LoginAsync(Email)).Of("refreshToken");
        var login = await api.LoginAsync(Email);
        var first = login.Of("refreshToken");
        var second = (await UseAsync(first)).Of("refreshToken");
        var newest = await UseAsync(second);
        var third = newest.Of("refreshToken");
        await GoodAsync(login);
        await GoodAsync(newest);

        RefusedFor(await UseAsync(first));
        await EndedAsync(login);
        await EndedAsync(newest);
        RefusedFor(await UseAsync(third));
        RefusedFor(await UseAsync(second));
        (await UseAsync(other)).Is(HttpStatusCode.OK);
        Assert.Equal([ActivityEventKind.RefreshTokenReused], await NotedAsync(ActivityEventKind.RefreshTokenReused));
    }

    [Fact]
    public async Task Each_use_of_a_refresh_token_is_recorded_as_a_continued_session_and_not_as_a_sign_in()
    {
        var login = await api.LoginAsync(Email);
        var signIns = (await NotedAsync(ActivityEventKind.SignedIn)).Count;

        await UseAsync(login.Of("refreshToken"));
        RefusedFor(await UseAsync("one that never was"));

        Assert.Single(await NotedAsync(ActivityEventKind.SessionContinued));
        Assert.Equal(signIns, (await NotedAsync(ActivityEventKind.SignedIn)).Count);
    }

    [Fact]
    public async Task A_refresh_token_expires_after_fourteen_days()
    {
        var (early, late) = (await api.LoginAsync(Email), await api.LoginAsync(Email));

        Clock.Advance(TimeSpan.FromDays(14) - Second);
        (await UseAsync(early.Of("refreshToken"))).Is(HttpStatusCode.OK);
        Clock.Advance(Second);
        RefusedFor(await UseAsync(late.Of("refreshToken")));
    }

    [Fact]
    public async Task One_of_many_parallel_uses_of_a_refresh_token_gets_the_next_and_its_family_ends()
    {
        var token = (await api.LoginAsync(Email)).Of("refreshToken");

        var answers = await ParallelCalls.RunAsync(32, _ => UseAsync(token));

        var won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != won), RefusedFor);
        RefusedFor(await UseAsync(won.Of("refreshToken")));
    }

    [Fact]
    public async Task A_session_of_a_program_lasts_thirty_days_however_often_it_is_refreshed()
    {
        var token = (await api.LoginAsync(Email)).Of("refreshToken");
        for (var day = 0; day < 29; day++)
        {
            Clock.Advance(TimeSpan.FromDays(1));
            token = (await UseAsync(token)).Is(HttpStatusCode.OK).Of("refreshToken");
        }

        Clock.Advance(TimeSpan.FromDays(1) - Second);
        token = (await UseAsync(token)).Is(HttpStatusCode.OK).Of("refreshToken");
        Clock.Advance(Second);
        RefusedFor(await UseAsync(token));
    }

    [Fact]
    public async Task The_lifetime_of_a_refresh_token_is_configured()
    {
        await using var brief = new ApiHost();
        brief.Portal.With("Jwt:RefreshLifetime", "02:00:00");
        await brief.InitializeAsync();
        await brief.VerifiedAsync(Email);
        var (early, late) = ((await brief.LoginAsync(Email)).Of("refreshToken"), (await brief.LoginAsync(Email)).Of("refreshToken"));

        brief.Portal.Clock!.Advance(TimeSpan.FromHours(2) - Second);
        (await brief.PostAsync("refresh", new { refreshToken = early })).Is(HttpStatusCode.OK);
        brief.Portal.Clock.Advance(Second);
        RefusedFor(await brief.PostAsync("refresh", new { refreshToken = late }));
    }

    [Fact]
    public async Task Only_the_hash_of_a_refresh_token_is_stored()
    {
        var token = (await api.LoginAsync(Email)).Of("refreshToken");
        var next = (await UseAsync(token)).Of("refreshToken");
        var stored = string.Concat(Directory.GetFiles(Path.GetDirectoryName(api.Portal.DatabasePath)!, "app.db*").Select(ReadShared));

        Assert.All([token, next], one =>
        {
            Assert.DoesNotContain(one, stored, StringComparison.Ordinal);
            Assert.DoesNotContain(one[..40], stored, StringComparison.Ordinal);
            Assert.Contains(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(one))), stored, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("x")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\0")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_unknown_refresh_token_is_refused_and_ends_nothing(string token)
    {
        var mine = (await api.LoginAsync(Email)).Of("refreshToken");

        RefusedFor(await UseAsync(token));
        RefusedFor(await UseAsync(mine + " "));
        RefusedFor(await UseAsync(mine.ToUpperInvariant()));
        (await UseAsync(mine)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_access_token_and_a_refresh_token_do_not_stand_for_each_other()
    {
        var login = await api.LoginAsync(Email);

        RefusedFor(await UseAsync(login.Of("token")));
        (await api.GetAsync("/api/auth/me", login.Of("refreshToken"))).Is(HttpStatusCode.Unauthorized);
    }

    private static string ReadShared(string path)
    {
        using var file = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.Latin1);
        return file.ReadToEnd();
    }

    private Task<List<ActivityEventKind>> NotedAsync(ActivityEventKind kind) => api.Portal.ReadAsync(db => db.Activity
        .Where(noted => noted.Address == Email && noted.Kind == kind).Select(noted => noted.Kind).ToListAsync(Cancel));
}
