using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>Five wrong guesses end a code.</summary>
public sealed class AttemptsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_code_is_refused_after_five_wrong_guesses()
    {
        const string email = "five@example.com";
        var code = await portal.SendAsync(email);

        for (var left = 4; left >= 0; left--)
        {
            Assert.Equal(new VerifyOutcome.Wrong(left), await portal.VerifyAsync(email, PortalHost.Not(code)));
        }

        Assert.IsType<VerifyOutcome.TooManyAttempts>(await portal.VerifyAsync(email, code));
        Assert.False((await portal.StatusAsync(email))!.IsWaiting);
    }

    [Fact]
    public async Task The_fifth_guess_at_a_code_may_be_the_right_one()
    {
        const string email = "fifth@example.com";
        var code = await portal.SendAsync(email);
        Assert.Equal(new VerifyOutcome.Wrong(1), await portal.GuessAsync(email, PortalHost.Not(code), times: 4));

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));
    }

    [Fact]
    public async Task A_new_code_begins_with_all_its_attempts()
    {
        const string email = "again@example.com";
        var ended = await portal.SendAsync(email);
        await portal.GuessAsync(email, PortalHost.Not(ended), times: 5);
        portal.Wait(TimeSpan.FromMinutes(2));

        var code = await portal.SendAsync(email);

        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, PortalHost.Not(code)));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("what is this?")]
    public async Task Text_that_cannot_be_a_code_costs_no_attempt(string? typed)
    {
        var email = $"malformed{typed?.Length}{typed?.GetHashCode(StringComparison.Ordinal)}@example.com";
        var code = await portal.SendAsync(email);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(new VerifyOutcome.Malformed(6, Alphabet.Digits), await portal.VerifyAsync(email, typed));
        }

        Assert.Equal(0, await portal.ReadAsync(db => Task.FromResult(db.OtpCodes.Single(row => row.Email == email).Failures)));
        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(email, PortalHost.Not(code)));
    }

    [Fact]
    public async Task Guesses_at_a_code_of_one_purpose_cost_no_attempt_of_another()
    {
        const string email = "two-purposes@example.com";
        var login = await portal.SendAsync(email, Purpose.Login);
        portal.Wait(TimeSpan.FromSeconds(1));
        var reset = await portal.SendAsync(email, Purpose.ForgotPassword);

        await portal.GuessAsync(email, PortalHost.Not(login), times: 5);

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, reset, Purpose.ForgotPassword));
    }
}
