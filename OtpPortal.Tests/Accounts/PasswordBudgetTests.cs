using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>A hundred wrong passwords in a row, and none more for a day (NIST SP 800-63B-4 §3.2.2).</summary>
public sealed class PasswordBudgetTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_wrong_passwords_lock_the_password_way_and_leave_the_code()
    {
        const string email = "locked@example.com";
        await accounts.VerifiedAsync(email);
        await GuessAsync(email, 100);

        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email));

        await accounts.RequestCodeAsync(email, OtpSteps.Browser);
        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(email, await portal.CodeForAsync(email)));
    }

    [Fact]
    public async Task The_password_lock_ends_a_day_after_the_last_try_that_was_checked()
    {
        const string email = "ends@example.com";
        await accounts.VerifiedAsync(email);
        await GuessAsync(email, 100);

        // Tries while it is locked do not make it longer.
        portal.Wait(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email));
        portal.Wait(TimeSpan.FromSeconds(1));

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task The_hundredth_password_may_be_right_and_clears_the_count()
    {
        const string email = "cleared@example.com";
        await accounts.VerifiedAsync(email);
        await GuessAsync(email, 99);

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));

        Assert.Equal(0, await portal.ReadAsync(db => db.PasswordFailures.CountAsync(row => row.Email == email, Cancel)));
        await GuessAsync(email, 99);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task Parallel_wrong_passwords_cannot_overdraw_the_budget()
    {
        const string email = "parallel@example.com";
        await portal.StartAsync();
        await ParallelCalls.RunAsync(150, _ => accounts.SignInAsync(email, "another password"));

        Assert.Equal(100,
            await portal.ReadAsync(db => db.PasswordFailures.Where(row => row.Email == email).Select(row => row.Failures)
                .SingleAsync(Cancel)));
    }

    [Fact]
    public async Task Wrong_passwords_for_an_unknown_address_spend_a_budget_too()
    {
        await accounts.SignInAsync("nobody@example.com", "another password");

        Assert.Equal(1, await portal.ReadAsync(db => db.PasswordFailures.CountAsync(row => row.Email == "nobody@example.com", Cancel)));
    }

    private async Task GuessAsync(string email, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "another password"));
        }
    }
}
