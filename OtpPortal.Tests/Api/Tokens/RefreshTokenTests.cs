using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Sessions of programs: how they go on, and everything that ends them.</summary>
public sealed class RefreshTokenTests : IAsyncLifetime
{
    private const string Email = "sessions@example.com";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ApiHost api = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestClock Clock => api.Portal.Clock!;

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

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
    public async Task An_unexpired_access_token_of_an_ended_session_is_refused()
    {
        var login = await api.LoginAsync(Email);
        Assert.Matches("^[0-9a-f]{32}$", login.Claim("sid").GetString());
        await GoodAsync(login);

        await api.Portal.Lane.RunAsync(db => db.Sessions.ExecuteDeleteAsync(Cancel), Cancel);

        await EndedAsync(login);
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

    [Fact]
    public async Task A_logout_through_the_API_ends_its_session_and_no_other()
    {
        var (one, two) = (await api.LoginAsync(Email), await api.LoginAsync(Email));
        using var browser = await api.Portal.BrowserOfAsync(Email);
        await LogoutAsync(one.Of("token"), HttpStatusCode.NoContent);

        await EndedAsync(one);
        await GoodAsync(two);
        (await UseAsync(two.Of("refreshToken"))).Is(HttpStatusCode.OK);
        using var page = await browser.GetAsync(new Uri("/account", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await GoodAsync(await api.LoginAsync(Email));
    }

    [Fact]
    public async Task A_sign_out_on_the_page_ends_the_browsers_session_and_none_of_a_program()
    {
        var login = await api.LoginAsync(Email);
        await SignInAndOutOnThePagesAsync();

        await GoodAsync(login);
        (await UseAsync(login.Of("refreshToken"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_reset_ends_all_sessions_of_programs()
    {
        const string fresh = "another long password";
        var login = await api.LoginAsync(Email);
        (await api.PostAsync("forgot-password/send-otp", new { email = Email })).Is(HttpStatusCode.Accepted);
        var verified = (await api.PostAsync(
            "forgot-password/verify-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);
        await GoodAsync(login);
        (await api.PostAsync("forgot-password/reset",
            new { email = Email, resetToken = verified.Of("resetToken"), newPassword = fresh })).Is(HttpStatusCode.OK);

        await EndedAsync(login);
        await GoodAsync(await api.LoginAsync(Email, fresh));
    }

    [Fact]
    public async Task A_deleted_account_takes_its_sessions_of_programs_with_it()
    {
        var login = await api.LoginAsync(Email);
        await api.Portal.Lane.RunAsync(db => db.Users.Where(user => user.Email == Email).ExecuteDeleteAsync(), Cancel);

        await EndedAsync(login);
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task The_sessions_of_other_accounts_go_on_after_a_logout()
    {
        await api.VerifiedAsync("neighbour@example.com");
        var neighbour = await api.LoginAsync("neighbour@example.com");
        await LogoutAsync((await api.LoginAsync(Email)).Of("token"), HttpStatusCode.NoContent);

        await GoodAsync(neighbour);
    }

    [Fact]
    public async Task A_program_may_sign_out_and_in_repeatedly_within_one_second()
    {
        for (var i = 0; i < 40; i++)
        {
            var login = await api.LoginAsync(Email);
            await GoodAsync(login);
            Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), Es256.Read(login.Of("token"))!.Claims.GetProperty("iat").GetInt64());
            var refreshed = (await UseAsync(login.Of("refreshToken"))).Is(HttpStatusCode.OK);
            await LogoutAsync(refreshed.Of("token"), HttpStatusCode.NoContent);
            await EndedAsync(login);
            await EndedAsync(refreshed);
        }
    }

    [Fact]
    public async Task A_repeated_logout_with_one_token_does_not_end_a_later_session()
    {
        var token = (await api.LoginAsync(Email)).Of("token");

        var answers = await ParallelCalls.RunAsync(
            32, _ => api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, token));
        var login = await api.LoginAsync(Email);

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.Unauthorized));
        await GoodAsync(login);
        await LogoutAsync(token, HttpStatusCode.Unauthorized);
        await GoodAsync(login);
    }

    [Fact]
    public async Task A_token_for_a_session_that_was_signed_out_meanwhile_is_refused()
    {
        // Signed out while the token of a session that had just begun was still being made.
        var begun = await api.Portal.BeginAsync(Email, new SessionRequest(SessionKind.Api, TimeSpan.FromDays(1)));
        await api.Portal.Services.GetRequiredService<Sessions>().SignOutAsync(begun.SessionId);
        Clock.Advance(TimeSpan.FromSeconds(5));
        var token = await api.Portal.Services.GetRequiredService<AccessTokens>().IssueAsync(begun);

        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.Unauthorized);
        RefusedFor(await UseAsync(begun.RefreshToken!));
    }

    [Fact]
    public async Task The_purge_removes_ended_sessions_of_programs_with_their_tokens_and_no_others()
    {
        var token = (await api.LoginAsync(Email)).Of("refreshToken");
        token = (await UseAsync(token)).Of("refreshToken");
        for (var i = 0; i < 2; i++)
        {
            Clock.Advance(TimeSpan.FromDays(10));
            token = (await UseAsync(token)).Of("refreshToken");
        }

        var later = (await api.LoginAsync(Email)).Of("refreshToken");
        Assert.Equal(5, await RowsAsync());

        Clock.Advance(TimeSpan.FromDays(10) - Second);
        await PurgeAsync();
        Assert.Equal(5, await RowsAsync());

        Clock.Advance(Second);
        await PurgeAsync();
        Assert.Equal(1, await RowsAsync());

        // And the one that was not used for fourteen days.
        Clock.Advance(TimeSpan.FromDays(4) - Second);
        await PurgeAsync();
        (await UseAsync(later)).Is(HttpStatusCode.OK);
        Clock.Advance(TimeSpan.FromDays(14));
        await PurgeAsync();
        Assert.Equal(0, await RowsAsync());
    }

    private static void RefusedFor(ApiResponse answer)
    {
        answer.Is(HttpStatusCode.Unauthorized);
        Assert.Equal("urn:otpportal:problem:wrong-refresh-token", answer.Of("type"));
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    private static string ReadShared(string path)
    {
        using var file = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.Latin1);
        return file.ReadToEnd();
    }

    private Task<ApiResponse> UseAsync(string refreshToken) => api.PostAsync("refresh", new { refreshToken });

    private async Task LogoutAsync(string token, HttpStatusCode status) =>
        (await api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, token)).Is(status);

    private async Task EndedAsync(ApiResponse login)
    {
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/api/auth/check", login.Of("token"))).Is(HttpStatusCode.Unauthorized);
        RefusedFor(await UseAsync(login.Of("refreshToken")));
    }

    private async Task GoodAsync(ApiResponse login) => (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);

    private Task<List<ActivityEventKind>> NotedAsync(ActivityEventKind kind) => api.Portal.ReadAsync(db => db.Activity
        .Where(noted => noted.Address == Email && noted.Kind == kind).Select(noted => noted.Kind).ToListAsync(Cancel));

    private Task<int> RowsAsync() => api.Portal.ReadAsync(db => db.RefreshTokens.CountAsync());

    // All that the worker repeats.
    private async Task PurgeAsync()
    {
        foreach (var purge in api.Portal.Services.GetServices<IPurge>())
        {
            await purge.RunAsync(Cancel);
        }
    }

    /// <summary>As a browser does it, with its cookies.</summary>
    private async Task SignInAndOutOnThePagesAsync()
    {
        using var browser = new PageBrowser(api.Portal);
        await browser.SignInAsync(Email);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.PostAsync("/account", "sign-out")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
    }
}
