using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>Everything besides a refresh token that ends sessions of programs, and what leaves them alone.</summary>
public sealed class ApiSessionEndTests : RefreshTokenTest
{
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

    private async Task LogoutAsync(string token, HttpStatusCode status) =>
        (await api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, token)).Is(status);

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
