using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>What a registrant typed stands apart from the accounts, and answers alike whether or not the address has one.</summary>
public sealed class PendingRegistrationTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private const string Typed = "what a registrant typed";

    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_and_a_sign_in_with_its_password_look_alike_with_and_without_an_account()
    {
        var (taken, free) = ("taken@example.com", "free@example.com");
        await accounts.VerifiedAsync(taken);
        portal.Wait(TimeSpan.FromMinutes(2));

        foreach (var email in new[] { taken, free })
        {
            var sent = Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(email, Typed, OtpSteps.OtherBrowser));
            Assert.Equal(new SendOutcome.Sent(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)), sent.Sent);
            Assert.NotNull((await accounts.PendingAsync(email, OtpSteps.OtherBrowser))!.PasswordHash);

            var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email, Typed, OtpSteps.OtherBrowser));
            Assert.Equal((email, CodeUse.VerifyEmail, null), (required.Identifier.Value, required.Use, required.LoginToken));
            Assert.Equal(TimeSpan.FromMinutes(2), Assert.IsType<SendOutcome.Refused>(required.Send).Wait);
            Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "neither of them", OtpSteps.OtherBrowser));
        }

        // Later in the day too, whatever became of the address: by then the free one has an account, made in another browser.
        portal.Wait(TimeSpan.FromHours(1));
        await accounts.RegisterAsync(free);
        await accounts.VerifyAsync(free, await portal.CodeForAsync(free));
        portal.Wait(TimeSpan.FromHours(1));
        foreach (var email in new[] { taken, free })
        {
            Assert.IsType<SendOutcome.Sent>(
                Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email, Typed, OtpSteps.OtherBrowser)).Send);
        }
    }

    [Fact]
    public async Task A_registration_of_an_existing_account_changes_nothing_and_sends_no_code()
    {
        const string email = "unchanged@example.com";
        var before = await accounts.VerifiedAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.Registration.RegisterAsync(
            new RegistrationForm(email, Typed) { FirstName = "Mallory", UserName = "mallory", Mobile = "+447700900456" },
                OtpSteps.OtherBrowser, Cancel);
        Assert.Null((await accounts.MailToAsync(email))[0].Code);
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.VerifyAsync(email, "123456", OtpSteps.OtherBrowser));

        // The owner signs in with a code in the browser of the registration itself: even that promotes nothing.
        await accounts.RequestCodeAsync(email, OtpSteps.OtherBrowser);
        Assert.IsType<CodeEntryOutcome.Accepted>(
            await accounts.SignInWithCodeAsync(email, await portal.CodeForAsync(email), OtpSteps.OtherBrowser));
        var after = (await accounts.AccountAsync(email))!;
        Assert.Equal(
            (before.Id, before.PasswordHash, before.FirstName, before.UserName, before.PhoneNumber, before.RegisteredAt),
            (after.Id, after.PasswordHash, after.FirstName, after.UserName, after.PhoneNumber, after.RegisteredAt));
    }

    [Fact]
    public async Task The_password_of_an_account_wins_over_that_of_a_pending_registration()
    {
        const string email = "wins@example.com";
        await accounts.VerifiedAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        await accounts.RegisterAsync(email);

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task A_sign_in_code_completes_the_pending_registration_of_its_own_browser()
    {
        const string email = "own-login@example.com";
        await RegisterInTwoBrowsersAsync(email);
        await accounts.SignInWithNewCodeAsync(email, OtpSteps.Browser);
        await AssertOwnRegistrationCompletedAsync(email);
    }

    [Fact]
    public async Task A_reset_code_completes_the_pending_registration_of_its_own_browser()
    {
        const string email = "own-reset@example.com";
        await RegisterInTwoBrowsersAsync(email);
        await accounts.VerifyNewResetCodeAsync(email, OtpSteps.Browser);
        await AssertOwnRegistrationCompletedAsync(email);
    }

    [Fact]
    public async Task A_code_makes_no_account_for_an_address_without_a_registration()
    {
        const string email = "nobody@example.com";
        var code = await portal.SendAsync(email, Purpose.Register);

        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.None()), await accounts.VerifyAsync(email, code));

        Assert.Null(await accounts.AccountAsync(email));
    }

    [Fact]
    public async Task The_password_of_a_pending_registration_gives_no_attempt_back()
    {
        const string email = "budget@example.com";
        await accounts.RegisterAsync(email, Typed);
        for (var i = 0; i < 99; i++)
        {
            await accounts.SignInAsync(email, "another password");
        }

        Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email, Typed));

        // It was the hundredth: a stranger could otherwise register an address in order to guess without end.
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, Typed));
    }

    [Fact]
    public async Task A_registration_answers_alike_whatever_is_left_of_the_password_attempts_of_an_account()
    {
        var (taken, free) = ("guessed@example.com", "unguessed@example.com");
        await accounts.VerifiedAsync(taken);
        portal.Wait(TimeSpan.FromMinutes(2));
        foreach (var email in new[] { taken, free })
        {
            await accounts.RegisterAsync(email, Typed, OtpSteps.OtherBrowser);
            for (var i = 0; i < 100; i++)
            {
                Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "another password"));
            }

            Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email, Typed, OtpSteps.OtherBrowser));
        }

        // The owner's success clears the tries of the account.
        await portal.Lane.RunAsync(db => PasswordThrottle.ClearAsync(db, EmailAddress.FromStored(taken)), Cancel);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(taken));

        foreach (var email in new[] { taken, free })
        {
            Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email, Typed, OtpSteps.OtherBrowser));
        }
    }

    [Fact]
    public async Task A_user_name_that_was_taken_since_the_registration_is_left_out()
    {
        await accounts.Registration.RegisterAsync(
            new RegistrationForm("first@example.com", Typed) { UserName = "Wanted" }, OtpSteps.Browser, Cancel);
        await accounts.Registration.RegisterAsync(
            new RegistrationForm("second@example.com", Typed) { UserName = "wanted" }, OtpSteps.Browser, Cancel);

        await accounts.VerifyAsync("second@example.com", await portal.CodeForAsync("second@example.com"));
        await accounts.VerifyAsync("first@example.com", await portal.CodeForAsync("first@example.com"));

        Assert.Equal("wanted", (await accounts.AccountAsync("second@example.com"))!.UserName);
        Assert.Equal("first@example.com", (await accounts.AccountAsync("first@example.com"))!.UserName);
    }

    private async Task RegisterInTwoBrowsersAsync(string email)
    {
        await accounts.RegisterAsync(email, Typed);
        portal.Wait(TimeSpan.FromMinutes(2));
        await accounts.RegisterAsync(email, "of somebody else", OtpSteps.OtherBrowser);
    }

    private async Task AssertOwnRegistrationCompletedAsync(string email)
    {
        Assert.Equal("Ann", (await accounts.AccountAsync(email))!.FirstName);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, Typed));
        Assert.IsNotType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, "of somebody else", OtpSteps.OtherBrowser));
        Assert.Null(await accounts.PendingAsync(email));
        Assert.NotNull(await accounts.PendingAsync(email, OtpSteps.OtherBrowser));
    }
}
