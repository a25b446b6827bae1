using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>The life of one code: until when, for what, where and how often it is good.</summary>
public sealed class ExpiryTests(PortalHost portal) : IClassFixture<PortalHost>
{
    public static TheoryData<Purpose, int> Minutes =>
        new() { { Purpose.Register, 5 }, { Purpose.Login, 5 }, { Purpose.ForgotPassword, 10 } };

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task A_code_works_until_one_second_before_its_expiry(Purpose purpose, int minutes)
    {
        var code = await portal.SendAsync($"before-{purpose}@example.com", purpose);

        portal.Wait(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync($"before-{purpose}@example.com", code, purpose));
    }

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task A_code_is_worthless_from_its_expiry_on(Purpose purpose, int minutes)
    {
        var code = await portal.SendAsync($"after-{purpose}@example.com", purpose);

        portal.Wait(TimeSpan.FromMinutes(minutes));
        Assert.IsType<VerifyOutcome.Expired>(await portal.VerifyAsync($"after-{purpose}@example.com", code, purpose));

        portal.Wait(TimeSpan.FromSeconds(1));
        Assert.IsType<VerifyOutcome.Expired>(await portal.VerifyAsync($"after-{purpose}@example.com", code, purpose));
    }

    [Fact]
    public async Task A_code_of_one_purpose_is_refused_for_every_other()
    {
        const string email = "purpose@example.com";
        var code = await portal.SendAsync(email, Purpose.Login);
        portal.Wait(TimeSpan.FromSeconds(1));
        await portal.SendAsync(email, Purpose.ForgotPassword);

        // One purpose has no row, the other has a row with a code of its own.
        Assert.IsType<VerifyOutcome.None>(await portal.VerifyAsync(email, code, Purpose.Register));
        Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync(email, code, Purpose.ForgotPassword));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code, Purpose.Login));
    }

    [Fact]
    public async Task A_code_of_one_browser_is_refused_in_another()
    {
        const string email = "browser@example.com";
        var code = await portal.SendAsync(email);

        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, code, binding: OtpSteps.OtherBrowser));
        Assert.Equal(new VerifyOutcome.Wrong(3), await portal.VerifyAsync(email, code, binding: Binding.None));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));
    }

    [Fact]
    public async Task A_code_of_one_address_is_refused_for_another()
    {
        var code = await portal.SendAsync("mine@example.com");
        portal.Wait(TimeSpan.FromSeconds(1));
        await portal.SendAsync("yours@example.com");

        Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync("yours@example.com", code));
    }

    [Fact]
    public async Task A_used_code_is_refused_for_ever()
    {
        const string email = "used@example.com";
        var code = await portal.SendAsync(email);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));

        Assert.IsType<VerifyOutcome.None>(await portal.VerifyAsync(email, code));

        // Not even as the earlier code of the next one: that would tell that it was right once.
        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.SendAsync(email);
        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, code));
    }

    [Fact]
    public async Task An_address_that_never_asked_has_no_code()
    {
        Assert.IsType<VerifyOutcome.None>(await portal.VerifyAsync("never@example.com", "123456"));
        Assert.Null(await portal.StatusAsync("never@example.com"));
    }
}
