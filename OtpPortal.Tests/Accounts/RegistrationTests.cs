using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>A registration and its code: of one browser, of two, and of strangers.</summary>
public sealed class RegistrationTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registered_address_is_verified_by_its_code_and_signed_in()
    {
        const string email = "happy@example.com";
        var sent = Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(" Happy@Example.com "));
        Assert.Equal(
            (email, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)), (sent.Email.Value, sent.Sent.Cooldown, sent.Sent.ExpiresIn));
        Assert.Null(await accounts.AccountAsync(email));

        var outcome = await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        var accepted = Assert.IsType<CodeEntryOutcome.Accepted>(outcome);
        Assert.Equal(email, accepted.User.Email);
        Assert.NotNull(accepted.Session);
        var account = (await accounts.AccountAsync(email))!;
        Assert.True(account.EmailConfirmed);
        Assert.Equal(("Ann", "Other", "+447700900123"), (account.FirstName, account.LastName, account.PhoneNumber));
        Assert.Equal(portal.Clock!.GetUtcNow(), account.LastSignInAt);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task A_wrong_code_verifies_no_registration()
    {
        const string email = "wrong@example.com";
        await accounts.RegisterAsync(email);

        var outcome = await accounts.VerifyAsync(email, PortalHost.Not(await portal.CodeForAsync(email)));

        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.Wrong(4)), outcome);
        Assert.Null(await accounts.AccountAsync(email));
    }

    [Fact]
    public async Task A_second_registration_in_the_same_browser_replaces_the_first()
    {
        const string email = "again@example.com";
        await accounts.RegisterAsync(email, "the first password");
        portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(email, "the second password"));
        Assert.Equal(1, await portal.ReadAsync(db => db.PendingRegistrations.CountAsync(row => row.Email == email, Cancel)));
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        Assert.False(await HasPasswordAsync(email, "the first password"));
        Assert.True(await HasPasswordAsync(email, "the second password"));
    }

    [Fact]
    public async Task Registrations_of_two_browsers_are_kept_apart_and_each_code_completes_its_own()
    {
        const string email = "apart@example.com";
        await accounts.RegisterAsync(email, "the first password");
        portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(email, "the second password", OtpSteps.OtherBrowser));
        Assert.Equal(2, await portal.ReadAsync(db => db.PendingRegistrations.CountAsync(row => row.Email == email, Cancel)));
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email), OtpSteps.OtherBrowser);

        Assert.Equal(1, await portal.ReadAsync(db => db.Users.CountAsync(user => user.NormalizedEmail == email, Cancel)));
        Assert.False(await HasPasswordAsync(email, "the first password"));
        Assert.True(await HasPasswordAsync(email, "the second password"));
    }

    [Fact]
    public async Task A_browser_may_correct_its_registration_during_the_cooldown()
    {
        const string email = "corrected@example.com";
        await accounts.RegisterAsync(email, "the first password");

        Assert.IsType<RegisterOutcome.Refused>(await accounts.RegisterAsync(email, "the second password"));
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        Assert.True(await HasPasswordAsync(email, "the second password"));
    }

    [Fact]
    public async Task A_stranger_in_another_browser_replaces_no_registration_during_the_cooldown()
    {
        const string email = "stranger@example.com";
        await accounts.RegisterAsync(email);

        var refused = Assert.IsType<RegisterOutcome.Refused>(
            await accounts.RegisterAsync(email, "a stranger's password", OtpSteps.OtherBrowser));

        Assert.Equal(SendRefusal.Cooldown, refused.Refusal.Reason);
        Assert.Null(await accounts.PendingAsync(email, OtpSteps.OtherBrowser));
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email));
        Assert.True(await HasPasswordAsync(email, AccountsHost.Password));
    }

    [Fact]
    public async Task A_stranger_who_registers_the_same_address_later_leaves_nothing_in_the_account()
    {
        const string email = "victim@example.com";
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(email, "a stranger's password", OtpSteps.OtherBrowser));

        // The code of the stranger's browser is of no use to the victim, who asks for a new one.
        var strangers = await portal.CodeForAsync(email);
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.VerifyAsync(email, strangers));
        portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.VerifyEmail));
        var outcome = await accounts.VerifyAsync(email, await portal.CodeForAsync(email));

        Assert.IsType<CodeEntryOutcome.Accepted>(outcome);
        Assert.True(await HasPasswordAsync(email, AccountsHost.Password));
        Assert.Equal("Ann", (await accounts.AccountAsync(email))!.FirstName);
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "a stranger's password"));
        Assert.IsNotType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, "a stranger's password", OtpSteps.OtherBrowser));
    }

    [Fact]
    public async Task A_registration_of_a_verified_address_gets_the_same_answer_and_a_mail_without_a_code()
    {
        const string email = "taken@example.com";
        await accounts.VerifiedAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));

        var outcome = await accounts.RegisterAsync(email, "a stranger's password", OtpSteps.OtherBrowser);

        var sent = Assert.IsType<RegisterOutcome.CodeSent>(outcome);
        Assert.Equal((email, new SendOutcome.Sent(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5))), (sent.Email.Value, sent.Sent));
        var mail = (await accounts.MailToAsync(email))[0];
        Assert.Equal(("You already have an account", null), (mail.Subject, mail.Code));
        Assert.DoesNotMatch("[0-9]{6}", mail.Text);
        Assert.True(await HasPasswordAsync(email, AccountsHost.Password));
        Assert.True((await portal.StatusAsync(email, Purpose.Register))!.IsWaiting);
    }

    [Fact]
    public async Task Resending_the_code_of_a_verified_or_unknown_address_looks_the_same_and_mails_nothing()
    {
        await accounts.VerifiedAsync("done@example.com");
        var mails = (await accounts.MailToAsync("done@example.com")).Count;
        portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<CodeRequestOutcome.CodeSent>(
            await accounts.RequestCodeAsync("done@example.com", OtpSteps.Browser, CodeUse.VerifyEmail));
        Assert.IsType<CodeRequestOutcome.CodeSent>(
            await accounts.RequestCodeAsync("nobody@example.com", OtpSteps.Browser, CodeUse.VerifyEmail));

        Assert.Equal(mails, (await accounts.MailToAsync("done@example.com")).Count);
        Assert.Empty(await accounts.MailToAsync("nobody@example.com"));
    }

    private async Task<bool> HasPasswordAsync(string email, string password)
    {
        var account = (await accounts.AccountAsync(email))!;
        var hasher = portal.Services.GetRequiredService<IPasswordHasher<PortalUser>>();
        return hasher.VerifyHashedPassword(account, account.PasswordHash!, password) != PasswordVerificationResult.Failed;
    }
}
