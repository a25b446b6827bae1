using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>How often a code may be sent, and what a refusal says.</summary>
public sealed class CooldownTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_send_is_refused_until_one_second_before_the_end_of_the_cooldown()
    {
        const string email = "cooldown@example.com";
        Assert.Equal(new SendOutcome.Sent(Cooldown, TimeSpan.FromMinutes(5)), await portal.TrySendAsync(email));

        Assert.Equal(120, await RefusedForAsync(email, SendRefusal.Cooldown));
        portal.Wait(Cooldown - Second);
        Assert.Equal(1, await RefusedForAsync(email, SendRefusal.Cooldown));
        portal.Wait(Second);
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
    }

    [Fact]
    public async Task The_seconds_left_of_a_cooldown_are_rounded_up()
    {
        const string email = "rounded@example.com";
        await portal.TrySendAsync(email);
        portal.Wait(Cooldown - TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await RefusedForAsync(email, SendRefusal.Cooldown));

        portal.Wait(Second);
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
    }

    [Fact]
    public async Task A_refused_send_changes_nothing()
    {
        const string email = "unchanged@example.com";
        var code = await portal.SendAsync(email);
        portal.Wait(Second);

        await RefusedForAsync(email, SendRefusal.Cooldown);

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));
        Assert.Equal(1, await portal.ReadAsync(db => Task.FromResult(db.Outbox.Count(message => message.Email == email))));
    }

    [Fact]
    public async Task The_cooldown_outlives_the_redemption_of_its_code()
    {
        const string email = "redeemed@example.com";
        await portal.VerifyAsync(email, await portal.SendAsync(email));

        Assert.Equal(120, await RefusedForAsync(email, SendRefusal.Cooldown));
    }

    [Fact]
    public async Task Each_purpose_has_a_cooldown_of_its_own()
    {
        const string email = "purposes@example.com";
        await portal.TrySendAsync(email, Purpose.Login);

        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email, Purpose.ForgotPassword));
    }

    [Fact]
    public async Task An_hour_allows_six_sends_counted_from_its_first()
    {
        const string email = "hour@example.com";
        for (var i = 0; i < 6; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
            portal.Wait(Cooldown);
        }

        // Twelve minutes of the hour are over.
        Assert.Equal(48 * 60, await RefusedForAsync(email, SendRefusal.HourlyCap));
        Assert.Equal(SendRefusal.HourlyCap, (await portal.StatusAsync(email))!.Refusal);
        portal.Wait(TimeSpan.FromMinutes(48) - Second);
        Assert.Equal(1, await RefusedForAsync(email, SendRefusal.HourlyCap));
        portal.Wait(Second);
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
    }

    [Fact]
    public async Task A_day_allows_twenty_sends_counted_from_its_first()
    {
        const string email = "day@example.com";
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
            portal.Wait(TimeSpan.FromMinutes(15));
        }

        // Five hours of the day are over.
        Assert.Equal(19 * 3600, await RefusedForAsync(email, SendRefusal.DailyCap));
        portal.Wait(TimeSpan.FromHours(19) - Second);
        Assert.Equal(1, await RefusedForAsync(email, SendRefusal.DailyCap));
        portal.Wait(Second);
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(email));
    }

    [Fact]
    public async Task The_status_of_a_code_says_from_when_on_a_send_is_accepted()
    {
        const string email = "status@example.com";
        var sentAt = portal.Clock!.GetUtcNow();
        await portal.TrySendAsync(email);
        portal.Wait(TimeSpan.FromSeconds(45));

        Assert.Equal(
            new CodeStatus(sentAt, sentAt.AddMinutes(5), IsWaiting: true, sentAt + Cooldown, SendRefusal.Cooldown),
            await portal.StatusAsync(email));

        portal.Wait(TimeSpan.FromMinutes(5));
        Assert.False((await portal.StatusAsync(email))!.IsWaiting);
    }

    private async Task<int> RefusedForAsync(string email, SendRefusal reason)
    {
        var refused = Assert.IsType<SendOutcome.Refused>(await portal.TrySendAsync(email));
        Assert.Equal(reason, refused.Reason);
        Assert.Equal(portal.Clock!.GetUtcNow() + refused.Wait, (await portal.StatusAsync(email))!.NextSendAt);
        return refused.SecondsLeft;
    }
}
