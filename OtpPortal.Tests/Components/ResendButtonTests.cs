using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Components.Controls;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Components;

/// <summary>The countdown on the resend button, which is derived from the stored row and from nothing else.</summary>
public sealed class ResendButtonTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private readonly BunitContext page = new();

    // The clock of the page; a test may let it lag behind that of the portal, as if another window were quicker.
    private readonly TestClock clock = new();

    public ValueTask InitializeAsync()
    {
        // Long enough for a busy machine; nothing waits for it when all is well.
        BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(30);
        clock.Advance(portal.Clock!.GetUtcNow() - clock.GetUtcNow());
        page.Services.AddSingleton(portal.Otp).AddSingleton<TimeProvider>(clock);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Fact]
    public async Task The_resend_countdown_starts_at_the_time_left_of_the_stored_cooldown()
    {
        await portal.SendAsync("starts@example.com");
        Wait(TimeSpan.FromSeconds(45));

        var button = Show("starts@example.com");

        Assert.Equal("1:15", Countdown(button));
        Assert.True(IsDisabled(button));
    }

    [Fact]
    public async Task The_resend_countdown_enables_the_button_at_zero_without_a_reload()
    {
        await portal.SendAsync("counts@example.com");
        var button = Show("counts@example.com");
        Assert.Equal("2:00", Countdown(button));

        Wait(TimeSpan.FromSeconds(1));
        button.WaitForAssertion(() => Assert.Equal("1:59", Countdown(button)));
        Wait(TimeSpan.FromSeconds(118));
        button.WaitForAssertion(() => Assert.Equal("0:01", Countdown(button)));
        Assert.True(IsDisabled(button));
        Wait(TimeSpan.FromSeconds(1));

        button.WaitForAssertion(() => Assert.False(IsDisabled(button)));
        Assert.Null(Countdown(button));
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync("counts@example.com"));
    }

    [Fact]
    public async Task The_resend_countdown_goes_on_if_another_window_requested_a_code_meanwhile()
    {
        const string email = "meanwhile@example.com";
        await portal.SendAsync(email);
        var button = Show(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.SendAsync(email);

        clock.Advance(TimeSpan.FromMinutes(2));

        button.WaitForAssertion(() => Assert.Equal("2:00", Countdown(button)));
        Assert.True(IsDisabled(button));
        clock.Advance(TimeSpan.FromMinutes(2));
        button.WaitForAssertion(() => Assert.False(IsDisabled(button)));
    }

    [Fact]
    public async Task The_resend_countdown_is_announced_at_its_start_and_end_only()
    {
        await portal.SendAsync("announced@example.com");
        var button = Show("announced@example.com");
        Assert.Equal("You can request a new code in 2 minutes.", Announcement(button));

        Wait(TimeSpan.FromSeconds(60));
        button.WaitForAssertion(() => Assert.Equal("1:00", Countdown(button)));
        Assert.Equal("You can request a new code in 2 minutes.", Announcement(button));
        Wait(TimeSpan.FromSeconds(60));

        button.WaitForAssertion(() => Assert.Equal("You can request a new code now.", Announcement(button)));
    }

    [Fact]
    public async Task The_resend_button_of_the_static_page_is_always_enabled_and_names_the_time()
    {
        await portal.SendAsync("static@example.com");
        Wait(TimeSpan.FromSeconds(30));

        var button = Show("static@example.com", interactive: false);

        Assert.False(IsDisabled(button));
        Assert.Equal("1:30", Countdown(button));
        Assert.Equal("", Announcement(button));
    }

    [Fact]
    public void The_resend_button_is_enabled_where_no_cooldown_is_stored()
    {
        var button = Show("never@example.com");

        Assert.False(IsDisabled(button));
        Assert.Null(Countdown(button));
    }

    [Fact]
    public async Task A_resend_wait_longer_than_the_cooldown_says_why()
    {
        const string email = "capped@example.com";
        for (var i = 0; i < 6; i++)
        {
            await portal.SendAsync(email);
            Wait(TimeSpan.FromMinutes(2));
        }

        var button = Show(email);

        Assert.Equal("48:00", Countdown(button));
        Assert.Contains("Too many codes were sent.", button.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_resend_button_reads_nothing_more_once_the_page_was_left()
    {
        await portal.SendAsync("left@example.com");
        var button = Show("left@example.com");
        var renders = button.RenderCount;

        await page.DisposeComponentsAsync();
        Wait(TimeSpan.FromMinutes(5));

        Assert.Equal(renders, button.RenderCount);
    }

    private void Wait(TimeSpan time)
    {
        portal.Wait(time);
        clock.Advance(time);
    }

    private IRenderedComponent<ResendButton> Show(string email, bool interactive = true)
    {
        page.Renderer.SetRendererInfo(new RendererInfo(interactive ? "Server" : "Static", interactive));
        return page.Render<ResendButton>(parameters => parameters.Add(it => it.Address, email).Add(it => it.Purpose, Purpose.Login));
    }

    private static bool IsDisabled(IRenderedComponent<ResendButton> button) => button.Find("button").IsDisabled();

    private static string? Countdown(IRenderedComponent<ResendButton> button) =>
        button.FindAll("[data-countdown]").SingleOrDefault()?.TextContent;

    private static string Announcement(IRenderedComponent<ResendButton> button) => button.Find("[role=status]").TextContent;
}
