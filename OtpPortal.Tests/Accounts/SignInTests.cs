using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

public sealed class SignInTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_signs_in_and_records_the_time()
    {
        await accounts.VerifiedAsync("right@example.com");
        portal.Wait(TimeSpan.FromMinutes(1));

        var outcome = await accounts.SignInAsync(" RIGHT@example.com");

        Assert.Equal("right@example.com", Assert.IsType<SignInOutcome.SignedIn>(outcome).User.Email);
        Assert.Equal(portal.Clock!.GetUtcNow(), (await accounts.AccountAsync("right@example.com"))!.LastSignInAt);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        await accounts.VerifiedAsync("known@example.com");

        Assert.Equal(new SignInOutcome.Wrong(), await accounts.SignInAsync("known@example.com", "another password"));
        Assert.Equal(new SignInOutcome.Wrong(), await accounts.SignInAsync("unknown@example.com", "another password"));
        Assert.Equal(new SignInOutcome.Wrong(), await accounts.SignInAsync("known@example.com", new string('x', 100_000)));
    }

    [Fact]
    public async Task An_empty_field_of_a_sign_in_is_named()
    {
        var invalid = Assert.IsType<SignInOutcome.Invalid>(await accounts.SignInAsync("", ""));

        Assert.Equal(["Email", "Password"], invalid.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task The_right_password_of_a_pending_registration_sends_its_code_in_its_own_browser()
    {
        const string email = "unverified@example.com";
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));

        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(email));

        Assert.Equal((email, CodeUse.VerifyEmail, null), (required.Identifier.Value, required.Use, required.LoginToken));
        Assert.IsType<SendOutcome.Sent>(required.Send);
        var outcome = await accounts.VerifyAsync(email, await portal.CodeForAsync(email));
        Assert.NotNull(Assert.IsType<CodeEntryOutcome.Accepted>(outcome).User.PasswordHash);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task The_password_of_a_pending_registration_reveals_nothing_in_another_browser()
    {
        const string email = "two-devices@example.com";
        await accounts.RegisterAsync(email);

        // Otherwise the answer to a password that a stranger knows would tell whether somebody has registered.
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, browser: OtpSteps.OtherBrowser));
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, browser: Binding.None));
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        Assert.Equal("Ann", (await accounts.AccountAsync(email))!.FirstName);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, browser: OtpSteps.OtherBrowser));
    }

    [Fact]
    public async Task A_registration_is_completed_on_one_device_though_another_requested_a_code_meanwhile()
    {
        const string email = "desk-phone-desk@example.com";
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        await accounts.RequestCodeAsync(email, OtpSteps.OtherBrowser, CodeUse.VerifyEmail);
        portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.VerifyEmail);
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task A_code_requested_on_another_device_verifies_the_address_without_the_registered_data()
    {
        const string email = "phone@example.com";
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.RequestCodeAsync(email, OtpSteps.OtherBrowser, CodeUse.VerifyEmail);
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email), OtpSteps.OtherBrowser);

        var account = (await accounts.AccountAsync(email))!;
        Assert.Equal((null, null, null, null), (account.PasswordHash, account.FirstName, account.LastName, account.PhoneNumber));
    }

    [Fact]
    public async Task A_wrong_password_of_a_pending_registration_sends_nothing()
    {
        const string email = "unverified-wrong@example.com";
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "another password"));

        Assert.Single(await accounts.MailToAsync(email));
    }

    [Fact]
    public async Task A_code_without_a_password_signs_in()
    {
        const string email = "by-code@example.com";
        await accounts.VerifiedAsync(email);

        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser));
        var outcome = await accounts.SignInWithCodeAsync(email, await portal.CodeForAsync(email));

        Assert.Equal(email, Assert.IsType<CodeEntryOutcome.Accepted>(outcome).User.Email);
        Assert.NotNull((await accounts.AccountAsync(email))!.PasswordHash);
    }

    [Fact]
    public async Task A_sign_in_code_completes_a_registration_by_another_person_without_their_data()
    {
        const string email = "prepared@example.com";
        await accounts.RegisterAsync(email, "a stranger's password", OtpSteps.OtherBrowser);
        await accounts.RequestCodeAsync(email, OtpSteps.Browser);
        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(email, await portal.CodeForAsync(email)));

        var account = (await accounts.AccountAsync(email))!;
        Assert.True(account.EmailConfirmed);
        Assert.Equal((null, null, null, null), (account.PasswordHash, account.FirstName, account.LastName, account.PhoneNumber));
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "a stranger's password"));
        Assert.IsNotType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, "a stranger's password", OtpSteps.OtherBrowser));
    }

    [Fact]
    public async Task A_sign_in_code_for_an_unknown_address_takes_the_same_steps_and_sends_no_mail()
    {
        const string email = "no-account@example.com";

        var outcome = await accounts.RequestCodeAsync(email, OtpSteps.Browser);

        Assert.Equal(
            new CodeRequestOutcome.CodeSent(new SendOutcome.Sent(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5))), outcome);
        Assert.IsType<CodeRequestOutcome.Refused>(await accounts.RequestCodeAsync(email, OtpSteps.Browser));
        Assert.Equal(1, await portal.ReadAsync(db => db.OtpCodes.CountAsync(row => row.Email == email, Cancel)));
        Assert.Equal(1, await portal.ReadAsync(db => db.Outbox.CountAsync(row => row.Email == email, Cancel)));
        Assert.True((await portal.StatusAsync(email))!.IsWaiting);
        Assert.Empty(await accounts.MailToAsync(email));
        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.Wrong(4)), await accounts.SignInWithCodeAsync(email, "123456"));
    }
}
