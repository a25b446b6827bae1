using OtpPortal.Accounts;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>What a code that was sent to a mobile number proves, and for which account.</summary>
public sealed class MobileAccountsTests : MobileAccountsTest
{
    [Fact]
    public async Task A_mobile_code_of_one_account_is_worthless_for_another_that_names_the_same_number()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        var code = await SendAsync(first.Id);

        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.Wrong(4)), await EnterAsync(second.Id, code));
        Assert.False((await accounts.AccountAsync("second@example.com"))!.PhoneNumberConfirmed);

        Assert.IsType<CodeEntryOutcome.MobileVerified>(await EnterAsync(first.Id, code));
        Assert.Equal("first@example.com", await WhoSignsInAsync());
    }

    [Fact]
    public async Task A_mobile_code_does_not_verify_a_number_that_the_account_has_given_up_since()
    {
        var account = await accounts.VerifiedAsync("changed@example.com");
        var code = await SendAsync(account.Id);
        Assert.Null(await Mobiles.ChangeAsync(account.Id, OtherMobile, session: null, Cancel));

        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.None()), await EnterAsync(account.Id, code));

        var after = (await accounts.AccountAsync("changed@example.com"))!;
        Assert.Equal((OtherMobile, false), (after.PhoneNumber, after.PhoneNumberConfirmed));
    }

    [Fact]
    public async Task A_number_that_the_account_does_not_name_is_sent_nothing()
    {
        var account = await accounts.VerifiedAsync("names@example.com");

        Assert.IsType<CodeRequestOutcome.Invalid>(await accounts.RequestMobileCodeAsync(account.Id, OtherMobile));
        Assert.IsType<CodeRequestOutcome.Invalid>(await accounts.RequestMobileCodeAsync("nobody", Mobile));

        Assert.Empty(await accounts.MailToAsync(OtherMobile));
        Assert.Empty(await accounts.MailToAsync(Mobile));
        Assert.Equal(new CodeEntryOutcome.Refused(new VerifyOutcome.None()), await EnterAsync(account.Id, "123456"));
    }

    [Fact]
    public async Task The_number_of_a_pending_registration_names_no_account_and_gets_no_text()
    {
        const string email = "unproven@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);

        Assert.IsType<SignInOutcome.Wrong>(await WithPasswordAsync());
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(Mobile, Binding.None));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, Binding.None, channel: Channels.Sms));

        Assert.Empty(await accounts.MailToAsync(Mobile));
        Assert.Null(await accounts.AccountAsync(email));
    }

    [Fact]
    public async Task A_code_by_text_never_verifies_an_address()
    {
        const string email = "by-text@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);

        var outcome = await accounts.RequestCodeAsync(email, Binding.None, CodeUse.VerifyEmail, Channels.Sms);

        Assert.Equal("Channel", Assert.IsType<CodeRequestOutcome.Invalid>(outcome).Error.Field);
        Assert.Empty(await accounts.MailToAsync(Mobile));
    }

    [Fact]
    public async Task Wrong_passwords_count_for_one_account_by_address_and_by_number_together()
    {
        await VerifyAsync((await accounts.VerifiedAsync("counted@example.com")).Id);
        for (var i = 0; i < 50; i++)
        {
            await WithPasswordAsync("another password");
            await accounts.SignInAsync("counted@example.com", "another password");
        }

        Assert.IsType<SignInOutcome.Wrong>(await WithPasswordAsync());
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync("counted@example.com"));
    }

    [Fact]
    public async Task The_owner_is_notified_by_mail_of_wrong_codes_that_were_sent_to_the_number()
    {
        const string email = "owner@example.com";
        await VerifyAsync((await accounts.VerifiedAsync(email)).Id);
        var texts = (await accounts.MailToAsync(Mobile)).Count;
        await accounts.RequestCodeAsync(Mobile, new Requester(Binding.None, "Firefox on Windows"));
        var wrong = PortalHost.Not(await Portal.CodeForAsync(Mobile));

        for (var i = 0; i < 6; i++)
        {
            await accounts.SignInWithCodeAsync(Mobile, wrong, Binding.None);
        }

        var notice = (await accounts.MailToAsync(email))[0];
        Assert.Equal(("Wrong codes were entered for your account", null), (notice.Subject, notice.Code));
        Assert.Contains("Firefox on Windows", notice.Text, StringComparison.Ordinal);
        Assert.Equal(texts + 1, (await accounts.MailToAsync(Mobile)).Count);
        Assert.Single(await accounts.MailToAsync(email), mail => mail.Subject == notice.Subject);
    }
}
