using System.Diagnostics;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The page that people leave to read their mail, and come back to.</summary>
public sealed class VerifyPageTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";

    [Fact]
    public async Task The_code_is_accepted_and_the_cooldown_runs_on_after_the_server_was_killed()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        var watch = Stopwatch.StartNew();
        await ann.Register.SubmitAsync(Email, "three small words");
        var code = await server.CodeForAsync(Email);
        await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        var before = await ann.Verify.SecondsLeftAsync();

        await server.KillAsync();
        await server.StartAsync();

        // Another window of the browser sees the cooldown that was stored; the form left open in the first one still works.
        await using (var second = await ann.SecondWindowAsync())
        {
            await second.Page.GotoAsync("/verify");
            var after = await second.Verify.SecondsLeftAsync();
            Assert.InRange(after, before - watch.Elapsed.TotalSeconds - 1, before);
            await second.Page.CloseAsync();
            await ann.Verify.EnterAsync(code);
            await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task The_resend_countdown_survives_a_reload_and_enables_the_button_without_one()
    {
        await using var server = await PortalServer.StartAsync(("Otp__Register__Cooldown", "00:00:20"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.FillAsync(Email, "three small words");
        var clicked = TimeProvider.System.GetUtcNow();
        await ann.Register.Submit.ClickAsync();
        var arrived = (await server.MessagesAsync(Email))[0].SentAt;
        await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        await ann.Verify.SecondsPassAsync(2);

        // The code was sent between the click and its arrival, and what is read was drawn between the reload and the reading. No machine is
        // so slow that the countdown is elsewhere; one that begins anew is.
        var reloaded = TimeProvider.System.GetUtcNow();
        await ann.Page.ReloadAsync();
        await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();
        var left = await ann.Verify.SecondsLeftAsync();
        Assert.InRange(
            left, (clicked.AddSeconds(20) - TimeProvider.System.GetUtcNow()).TotalSeconds,
                Math.Ceiling((arrived.AddSeconds(20) - reloaded).TotalSeconds));

        var loaded = await ann.Page.EvaluateAsync<double>("performance.timeOrigin");
        await Assertions.Expect(ann.Verify.Resend).ToBeEnabledAsync();
        Assert.True(TimeProvider.System.GetUtcNow() >= clicked.AddSeconds(20), "The button was enabled too early.");
        Assert.Equal(loaded, await ann.Page.EvaluateAsync<double>("performance.timeOrigin"));

        await ann.Verify.Resend.ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("A new code is on its way.")).ToBeVisibleAsync();
        Assert.Equal(2, (await server.MessagesAsync(Email, 2)).Count);
    }

    [Fact]
    public async Task Two_fast_clicks_on_resend_send_one_message()
    {
        await using var server = await PortalServer.StartAsync(("Otp__Register__Cooldown", "00:00:01"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.FillAsync(Email, "three small words");
        await ann.Register.Submit.DblClickAsync();
        await Assertions.Expect(ann.Verify.Code).ToBeVisibleAsync();
        await Assertions.Expect(ann.Verify.Countdown).ToBeHiddenAsync();
        await Assertions.Expect(ann.Verify.Resend).ToBeEnabledAsync();
        await ann.Verify.Resend.DblClickAsync();
        await Assertions.Expect(ann.Page.GetByText("A new code is on its way.")).ToBeVisibleAsync();
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        Assert.Equal(2, (await server.MessagesAsync(Email)).Count);
    }

    [Fact]
    public async Task The_resend_button_is_enabled_at_zero_though_the_connection_was_lost_during_the_countdown()
    {
        await using var server = await PortalServer.StartAsync(("Otp__Register__Cooldown", "00:00:20"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();

        await server.KillAsync();

        await Assertions.Expect(ann.Verify.Resend).ToBeEnabledAsync();
        await server.StartAsync();
        await ann.Verify.Resend.ClickAsync();
        await Assertions.Expect(ann.Page.GetByText("A new code is on its way.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_code_form_works_after_the_network_was_cut_while_it_was_sent()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        var code = await server.CodeForAsync(Email);
        await Assertions.Expect(ann.Verify.Resend).ToBeDisabledAsync();

        await ann.SetOfflineAsync(true);
        await ann.Verify.EnterAsync(code);

        // Looked at until it is there. WaitForURLAsync looks once and then listens, and never hears of a page that came in between.
        await Assertions.Expect(ann.Page).ToHaveURLAsync("chrome-error://chromewebdata/");
        await ann.SetOfflineAsync(false);
        await ann.Page.GotoAsync("/verify");
        await ann.Verify.EnterAsync(code);

        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_earlier_code_is_named_as_such_and_costs_no_attempt()
    {
        await using var server = await PortalServer.StartAsync(("Otp__Register__Cooldown", "00:00:01"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        var earlier = await server.CodeForAsync(Email);
        await ann.Verify.ResendAsync();
        var newer = await server.CodeForAsync(Email, 2);

        await ann.Verify.EnterInVainAsync(earlier);
        await Assertions.Expect(ann.Verify.Problem).ToContainTextAsync("That is the earlier code; a newer one was sent at");
        await ann.Verify.EnterAsync($"{newer[..3]} {newer[3..]}");
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Two_windows_each_go_on_with_their_own_code()
    {
        await using var server = await PortalServer.StartAsync();
        await using var first = await Person.AtAsync(server, browsers);
        await first.Register.SubmitAsync(Email, "three small words");
        await Assertions.Expect(first.Verify.Code).ToBeVisibleAsync();
        await using var second = await first.SecondWindowAsync();
        await second.Register.SubmitAsync("bob@example.com", "other small words");
        await Assertions.Expect(second.Verify.Code).ToBeVisibleAsync();

        await first.Verify.EnterAsync(await server.CodeForAsync(Email));

        await Assertions.Expect(first.Account.SignedIn).ToBeVisibleAsync();
        await Assertions.Expect(first.Page.GetByText(Email)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_code_of_one_browser_is_refused_in_another()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await using var eve = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        var code = await server.CodeForAsync(Email);

        // Eve has a form of her own for the same address: registering it during the cooldown is refused, so she asks to sign in with it.
        await eve.Login.WithCodeAsync(Email);
        await eve.Verify.EnterAsync(code);

        await Assertions.Expect(eve.Verify.Problem).ToContainTextAsync("Wrong code");
        await ann.Verify.EnterAsync(code);
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }
}
