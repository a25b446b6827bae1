using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>A hundred wrong guesses in a row, across codes, lock an address and purpose for a day (NIST SP 800-63B-4 §3.2.2).</summary>
public sealed class FailureBudgetTests : IAsyncLifetime
{
    // Without the caps of the address; those of its mailbox hold all the same.
    private readonly PortalHost portal = new PortalHost().With("Otp:Login:SendsPerHour", "1000").With("Otp:Login:SendsPerDay", "1000");

    private const string Email = "ann@example.com";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_hundred_wrong_guesses_in_a_row_lock_an_address_for_a_day()
    {
        var code = await SpendAsync(99);

        Assert.Equal(new VerifyOutcome.Locked(TimeSpan.FromHours(24)), await portal.VerifyAsync(Email, PortalHost.Not(code)));

        // The right code is refused too, and so is a new one.
        portal.Wait(TimeSpan.FromMinutes(2));
        var left = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(2);
        Assert.Equal(new VerifyOutcome.Locked(left), await portal.VerifyAsync(Email, code));
        Assert.Equal(new SendOutcome.Refused(SendRefusal.Locked, left), await portal.TrySendAsync(Email));
        var status = (await portal.StatusAsync(Email))!;
        Assert.Equal((false, SendRefusal.Locked), (status.IsWaiting, status.Refusal));
    }

    [Fact]
    public async Task The_lock_of_an_address_ends_on_time_and_everything_works_again()
    {
        await SpendAsync(99);
        await portal.GuessAsync(Email, await WrongAsync());

        portal.Wait(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(1, Assert.IsType<SendOutcome.Refused>(await portal.TrySendAsync(Email)).SecondsLeft);
        portal.Wait(TimeSpan.FromSeconds(1));

        // With the whole budget: one wrong guess does not lock it again.
        var code = await portal.SendAsync(Email);
        Assert.Equal(new VerifyOutcome.Wrong(4), await portal.VerifyAsync(Email, PortalHost.Not(code)));
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(Email, code));
    }

    [Fact]
    public async Task A_right_code_in_between_gives_the_whole_failure_budget_back()
    {
        var code = await SpendAsync(99);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(Email, code));

        // A new day for the mailbox, but less than the day after which wrong guesses are forgotten.
        portal.Wait(TimeSpan.FromHours(22));

        // Each of these is looked at; without the success the first one would have locked.
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(Email, await SpendAsync(99)));
    }

    [Fact]
    public async Task A_lock_of_the_codes_of_one_purpose_leaves_the_other_purposes_alone()
    {
        await SpendAsync(99);
        await portal.GuessAsync(Email, await WrongAsync());

        portal.Wait(TimeSpan.FromMinutes(8));
        var code = await portal.SendAsync(Email, Purpose.ForgotPassword);

        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(Email, code, Purpose.ForgotPassword));
    }

    // A new code after every five guesses, as somebody would who does not give up; the last one is still alive.
    private async Task<string> SpendAsync(int guesses)
    {
        var code = await portal.SendAsync(Email);
        for (var i = 0; i < guesses; i++)
        {
            if (i > 0 && i % 5 == 0)
            {
                portal.Wait(TimeSpan.FromMinutes(8));
                code = await portal.SendAsync(Email);
            }

            Assert.IsType<VerifyOutcome.Wrong>(await portal.VerifyAsync(Email, PortalHost.Not(code)));
        }

        return code;
    }

    private async Task<string> WrongAsync() => PortalHost.Not(await portal.CodeForAsync(Email));
}
