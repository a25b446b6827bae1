using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Components.Admin;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Components;

/// <summary>The statistics that refresh themselves: for whom, when, and when not.</summary>
public sealed class LiveStatisticsTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly AccountsHost accounts = new();
    private readonly BunitContext page = new();
    private Session session = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Long enough for a busy machine; nothing waits for it when all is well.
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);
        accounts.Portal.With("Admin:Emails", "admin@example.com");
        var admin = await accounts.VerifiedAsync("admin@example.com");
        var begun = await accounts.Portal.BeginAsync("admin@example.com");
        session = new Session([new Claim(ClaimTypes.NameIdentifier, admin.Id), new Claim(Sessions.Claim, begun.SessionId)]);
        page.JSInterop.SetupModule("./live.js").SetupVoid("watch", _ => true).SetVoidResult();
        page.Services.AddSingleton<AuthenticationStateProvider>(session).AddSingleton<TimeProvider>(accounts.Portal.Clock!)
            .AddSingleton(accounts.Portal.Services.GetRequiredService<Statistics>())
            .AddSingleton(accounts.Portal.Services.GetRequiredService<AdminCheck>());
    }

    public async ValueTask DisposeAsync()
    {
        await page.DisposeAsync();
        await accounts.DisposeAsync();
    }

    [Fact]
    public async Task The_live_statistics_follow_new_events()
    {
        var live = Show();
        Assert.Equal("1", Sent(live));

        await accounts.Portal.SendAsync("ann@example.com");
        accounts.Portal.Wait(Interval);

        live.WaitForAssertion(() => Assert.Equal("2", Sent(live)));
    }

    [Fact]
    public void The_statistics_of_the_static_page_are_complete_and_offer_a_reload()
    {
        var live = Show(interactive: false);

        Assert.Equal("1", Sent(live));
        Assert.Equal("/admin/otp?range=24h", live.FindAll("a").Single(link => link.TextContent == "Refresh").GetAttribute("href"));
    }

    [Fact]
    public async Task The_live_statistics_read_nothing_while_hidden_and_read_at_once_when_shown()
    {
        var live = Show();
        await live.InvokeAsync(() => live.Instance.SeenAsync(seen: false));
        Assert.Contains("paused", State(live), StringComparison.Ordinal);
        await accounts.Portal.SendAsync("ann@example.com");
        var asked = session.Asked;

        accounts.Portal.Wait(Interval * 10);
        Assert.Equal("1", Sent(live));
        await live.InvokeAsync(() => live.Instance.SeenAsync(seen: true));

        Assert.Equal("2", Sent(live));
        Assert.Equal("", State(live));
        Assert.Equal(asked + 1, session.Asked);
    }

    [Theory]
    [InlineData("UPDATE AspNetUsers SET IsAdmin = 0")]
    [InlineData("DELETE FROM Sessions")]
    [InlineData("DELETE FROM AspNetUsers")]
    public async Task The_live_statistics_show_nothing_more_to_a_former_administrator(string change)
    {
        var live = Show();

        await RunAsync(change);
        accounts.Portal.Wait(Interval);

        live.WaitForAssertion(
            () => Assert.Contains(
                "no longer signed in as an administrator", live.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(live.FindAll("[role=group]"));
    }

    [Fact]
    public async Task The_live_statistics_show_nothing_to_an_ordinary_person()
    {
        await RunAsync("UPDATE AspNetUsers SET IsAdmin = 0");

        var live = Show();

        Assert.NotEmpty(live.FindAll("[role=alert]"));
        Assert.Empty(live.FindAll("[role=group]"));
    }

    [Fact]
    public void The_live_statistics_show_nothing_to_a_stranger()
    {
        session.Claims = [];

        var live = Show();

        Assert.NotEmpty(live.FindAll("[role=alert]"));
        Assert.Empty(live.FindAll("[role=group]"));
    }

    [Fact]
    public async Task The_live_statistics_say_that_a_read_failed_keep_the_figures_and_try_again()
    {
        var live = Show();

        await RunAsync("ALTER TABLE Activity RENAME TO Away");
        accounts.Portal.Wait(Interval);
        live.WaitForAssertion(() => Assert.Contains("could not be refreshed", State(live), StringComparison.Ordinal));
        Assert.Equal("1", Sent(live));

        await RunAsync("ALTER TABLE Away RENAME TO Activity");
        accounts.Portal.Wait(Interval);
        live.WaitForAssertion(() => Assert.Equal("", State(live)));
    }

    [Fact]
    public async Task The_live_statistics_read_nothing_more_once_the_page_was_left()
    {
        var live = Show();
        var (renders, asked) = (live.RenderCount, session.Asked);

        await page.DisposeComponentsAsync();
        accounts.Portal.Wait(Interval * 10);

        Assert.Equal((renders, asked), (live.RenderCount, session.Asked));
    }

    private Task RunAsync(string sql) => accounts.Portal.Lane.RunAsync(db => db.Database.ExecuteSqlRawAsync(sql, Cancel), Cancel);

    private IRenderedComponent<LiveStatistics> Show(bool interactive = true)
    {
        page.Renderer.SetRendererInfo(new RendererInfo(interactive ? "Server" : "Static", interactive));
        return page.Render<LiveStatistics>(parameters => parameters.Add(it => it.Range, "24h"));
    }

    private static string Sent(IRenderedComponent<LiveStatistics> live) =>
        live.Find("[role=group][aria-label='Are codes going out?'] p").FirstChild!.TextContent.Trim();

    private static string State(IRenderedComponent<LiveStatistics> live) => live.Find("[data-live] [role=status]").TextContent;

    private sealed class Session(Claim[] claims) : AuthenticationStateProvider
    {
        public Claim[] Claims { get; set; } = claims;

        public int Asked { get; private set; }

        public override Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            Asked++;
            return Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(Claims, "test"))));
        }
    }
}
