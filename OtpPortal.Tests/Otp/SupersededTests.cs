using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>Slow mail is the commonest complaint: who types the code of the earlier mail is told so.</summary>
public sealed class SupersededTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_superseded_code_is_named_as_such_and_costs_no_attempt()
    {
        const string email = "earlier@example.com";
        var earlier = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        var newerSentAt = portal.Clock!.GetUtcNow();
        var newer = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromSeconds(30));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(new VerifyOutcome.Superseded(newerSentAt, 5), await portal.VerifyAsync(email, earlier));
        }

        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, Not(earlier, newer)));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, newer));
    }

    [Fact]
    public async Task A_superseded_code_is_unknown_after_its_own_expiry()
    {
        const string email = "forgotten@example.com";
        var earlier = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.SendAsync(email);

        portal.Wait(TimeSpan.FromMinutes(3) - TimeSpan.FromSeconds(1));
        Assert.IsType<VerifyOutcome.Superseded>(await portal.VerifyAsync(email, earlier));

        portal.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, earlier));
    }

    [Fact]
    public async Task Several_superseded_codes_are_known_at_once()
    {
        const string email = "several@example.com";
        var codes = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            // Ten minutes of validity and two of cooldown: at the fifth send the first code has two minutes left.
            codes.Add(await portal.SendAsync(email, Purpose.ForgotPassword));
            portal.Wait(TimeSpan.FromMinutes(i < 4 ? 2 : 1));
        }

        foreach (var earlier in codes.SkipLast(1).Except(codes.TakeLast(1)))
        {
            Assert.IsType<VerifyOutcome.Superseded>(await portal.VerifyAsync(email, earlier, Purpose.ForgotPassword));
        }

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, codes[^1], Purpose.ForgotPassword));
    }

    [Fact]
    public async Task Superseded_codes_are_unknown_once_the_newest_was_used()
    {
        const string email = "newest-used@example.com";
        var earlier = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        var newer = await portal.SendAsync(email);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, newer));

        Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync(email, earlier));
    }

    [Fact]
    public async Task A_superseded_code_is_known_only_in_the_browser_that_requested_it()
    {
        const string email = "elsewhere@example.com";
        var earlier = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.SendAsync(email);

        Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync(email, earlier, binding: OtpSteps.OtherBrowser));
    }

    private static string Not(params string[] codes) =>
        Enumerable.Range(0, 10).Select(i => $"00000{i}").First(code => !codes.Contains(code));
}
