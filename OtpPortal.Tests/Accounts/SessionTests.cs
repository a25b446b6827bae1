using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>Sign-ins that last: how long, and what ends them at the server.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ApiHost api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => api.Portal;

    private Sessions Sessions => Portal.Services.GetRequiredService<Sessions>();

    public async ValueTask InitializeAsync()
    {
        api = await ApiHost.StartAsync();
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_browser_that_is_silent_for_twelve_hours_is_signed_out()
    {
        var (early, late) = (await Portal.BeginAsync(Email), await Portal.BeginAsync(Email));

        Portal.Wait(TimeSpan.FromHours(12) - Second);
        Assert.NotNull(await FindAsync(early));
        Portal.Wait(Second);

        Assert.Null(await FindAsync(late));
        Assert.NotNull(await FindAsync(early));
    }

    [Fact]
    public async Task A_browser_is_signed_out_after_thirty_days_however_often_it_was_used()
    {
        var session = await Portal.BeginAsync(Email);
        for (var i = 0; i < 60; i++)
        {
            Assert.NotNull(await FindAsync(session));
            Portal.Wait(i < 59 ? TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(59));
        }

        Assert.NotNull(await FindAsync(session));
        Portal.Wait(Second);
        Assert.NotNull(await FindAsync(session));
        Portal.Wait(TimeSpan.FromDays(30) - (Portal.Clock!.GetUtcNow() - session.AuthenticatedAt) - Second);
        Assert.NotNull(await FindAsync(session));
        Portal.Wait(Second);
        Assert.Null(await FindAsync(session));
    }

    [Fact]
    public async Task The_idle_and_absolute_lifetimes_of_a_session_are_configured()
    {
        await using var brief = await ApiHost.StartAsync(("Sessions:BrowserIdleTimeout", "00:10:00"),
            ("Sessions:BrowserLifetime", "01:00:00"), ("Sessions:RefreshIdleTimeout", "02:00:00"));
        await brief.VerifiedAsync(Email);
        var sessions = brief.Portal.Services.GetRequiredService<Sessions>();
        var session = await brief.Portal.BeginAsync(Email);
        var program = await brief.LoginAsync(Email);
        for (var i = 0; i < 6; i++)
        {
            brief.Portal.Wait(TimeSpan.FromMinutes(10) - Second);
            Assert.NotNull(await sessions.FindAsync(session.SessionId, session.User.Id, Cancel));
        }

        brief.Portal.Wait(TimeSpan.FromSeconds(6));
        Assert.Null(await sessions.FindAsync(session.SessionId, session.User.Id, Cancel));
        brief.Portal.Wait(TimeSpan.FromHours(1));
        (await brief.PostAsync("refresh", new { refreshToken = program.Of("refreshToken") })).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_last_use_of_a_session_is_written_every_five_minutes_at_most()
    {
        var session = await Portal.BeginAsync(Email);
        var begun = Portal.Clock!.GetUtcNow();

        Portal.Wait(TimeSpan.FromMinutes(5) - Second);
        await FindAsync(session);
        Assert.Equal(begun, (await RowAsync(session))!.LastUsedAt);
        Portal.Wait(Second);
        await FindAsync(session);
        Assert.Equal(begun.AddMinutes(5), (await RowAsync(session))!.LastUsedAt);
        Portal.Wait(TimeSpan.FromMinutes(5) - Second);
        await FindAsync(session);
        Assert.Equal(begun.AddMinutes(5), (await RowAsync(session))!.LastUsedAt);
    }

    [Fact]
    public async Task A_session_names_its_account_and_no_other()
    {
        await api.VerifiedAsync("bob@example.com");
        var (ann, bob) = (await Portal.BeginAsync(Email), await Portal.BeginAsync("bob@example.com"));

        Assert.Equal(Email, (await FindAsync(ann))!.Email);
        Assert.Null(await Sessions.FindAsync(ann.SessionId, bob.User.Id, Cancel));
        Assert.Null(await Sessions.FindAsync("", ann.User.Id, Cancel));
    }

    [Fact]
    public async Task A_copied_session_cookie_is_worthless_after_the_sign_out_and_other_browsers_stay_signed_in()
    {
        using var browser = new PageBrowser(Portal, PageBrowser.Firefox);
        using var other = await Portal.BrowserOfAsync(Email);
        await browser.SignInAsync(Email);
        using var copy = browser.Copy();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(copy));

        Assert.Equal("/", (await browser.PostAsync("/account", "sign-out")).GoesTo);

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(copy));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
        Assert.Equal([ActivityEventKind.SignedOut],
            await Portal.ReadAsync(db => db.Activity.Where(noted => noted.Kind == ActivityEventKind.SignedOut).Select(noted => noted.Kind)
                .ToListAsync(Cancel)));
    }

    [Fact]
    public async Task A_cookie_without_a_session_signs_nobody_in()
    {
        using var browser = await Portal.BrowserOfAsync(Email);
        await Portal.Lane.RunAsync(db => db.Sessions.ExecuteDeleteAsync(Cancel), Cancel);

        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser));
    }

    [Fact]
    public async Task A_sign_in_is_recorded_with_its_method_and_client_and_the_session_has_the_same()
    {
        await api.LoginAsync(Email);
        (await api.PostAsync("login", new { email = Email, otp = await api.CodeAsync(Email, "login") })).Is(HttpStatusCode.OK);
        using var browser = new PageBrowser(Portal, PageBrowser.Firefox);
        await browser.SignInAsync(Email);

        var noted = await Portal.ReadAsync(db => db.Activity.Where(one => one.Kind == ActivityEventKind.SignedIn).OrderBy(one => one.Id)
            .Select(one => one.Detail).ToListAsync(Cancel));
        Assert.Equal(["password, API", "code by email, API", "password, page"], noted);
        var rows = await Portal.ReadAsync(db => db.Sessions.AsNoTracking().OrderBy(row => row.Kind).ThenBy(row => row.Method)
            .ToListAsync(Cancel));
        Assert.Equal(
            [(SessionKind.Browser, "password"), (SessionKind.Api, "code"), (SessionKind.Api, "password")],
            rows.Select(row => (row.Kind, row.Method)));
        Assert.Equal("Firefox", rows[0].Browser.Split(' ')[0]);
        Assert.All(rows,
            row => Assert.Equal(
                ("127.0.0.1", Portal.Clock!.GetUtcNow(), Portal.Clock.GetUtcNow()), (row.Client, row.StartedAt, row.LastUsedAt)));
        Assert.All(rows, row => Assert.Equal(Portal.Clock!.GetUtcNow().AddDays(30), row.ExpiresAt));
    }

    [Fact]
    public async Task The_purge_removes_ended_browser_sessions_and_no_others()
    {
        var purge = Portal.Services.GetServices<IPurge>().OfType<SessionPurge>().Single();
        var idle = await Portal.BeginAsync(Email);
        Portal.Wait(TimeSpan.FromHours(12) - Second);
        var fresh = await Portal.BeginAsync(Email);
        await purge.RunAsync(Cancel);
        Assert.NotNull(await RowAsync(idle));

        Portal.Wait(Second);
        await purge.RunAsync(Cancel);

        Assert.Null(await RowAsync(idle));
        Assert.NotNull(await RowAsync(fresh));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync(new Uri("/account", UriKind.Relative), Cancel);
        return answer.StatusCode;
    }

    private Task<PortalUser?> FindAsync(IssuedSession session) => Sessions.FindAsync(session.SessionId, session.User.Id, Cancel);

    private Task<Session?> RowAsync(IssuedSession session) =>
        Portal.ReadAsync(db => db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == session.SessionId, Cancel));
}
