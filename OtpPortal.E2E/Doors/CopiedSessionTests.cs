using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody holds a copy of a session, or of a refresh token.</summary>
public sealed class CopiedSessionTests
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_copy_of_the_session_cookie_is_dead_once_its_owner_has_signed_out()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var owner = portal.NewVisitor();
        var account = await owner.SignInOnPagesAsync(Ann);
        Assert.Equal("/account", account.Path);
        var elsewhere = portal.NewVisitor();
        await elsewhere.SignInOnPagesAsync(Ann);
        var thief = owner.Copy("203.0.113.9");
        Assert.True(await IsSignedInAsync(thief));

        await owner.SubmitAndFollowAsync(account, "Sign out");
        Assert.False(await IsSignedInAsync(owner), "The browser that signed out is signed in.");
        Assert.False(await IsSignedInAsync(thief), "The copy of the session works on.");
        Assert.True(await IsSignedInAsync(elsewhere), "Signing out of one browser ended the session of another.");
    }

    [Fact]
    public async Task Reuse_of_a_refresh_token_ends_the_access_tokens_that_came_of_it()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var owner = portal.NewVisitor();
        var first = await owner.SignInAsync(Ann);
        var other = await owner.SignInAsync(Ann);
        var refreshToken = first["refreshToken"];
        var second = await owner.PostAsync("refresh", new { refreshToken }).Is(HttpStatusCode.OK);
        await owner.GetAsync("/api/auth/me", second["token"]).Is(HttpStatusCode.OK);

        await portal.NewVisitor().PostAsync("refresh", new { refreshToken }).Is(HttpStatusCode.Unauthorized);
        await owner.GetAsync("/api/auth/me", second["token"]).Is(HttpStatusCode.Unauthorized);
        await owner.GetAsync("/api/auth/me", first["token"]).Is(HttpStatusCode.Unauthorized);
        await owner.PostAsync("refresh", new { refreshToken = second["refreshToken"] }).Is(HttpStatusCode.Unauthorized);
        await owner.GetAsync("/api/auth/me", other["token"]).Is(HttpStatusCode.OK);
    }

    private static async Task<bool> IsSignedInAsync(Visitor browser) => (await browser.OpenAsync("/account")).Path == "/account";
}
