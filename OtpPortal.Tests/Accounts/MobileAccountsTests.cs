using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>Whose a mobile number is, and what a code that was sent to it proves.</summary>
public sealed class MobileAccountsTests : IAsyncLifetime
{
    private const string Mobile = "+447700900123";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    private MobileVerification Mobiles => Portal.Services.GetRequiredService<MobileVerification>();

    public ValueTask InitializeAsync()
    {
        Portal.With("Twilio:From", "+15005550006");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_number_that_one_account_verifies_is_taken_from_the_one_that_had_it()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        await VerifyAsync(first.Id);
        Assert.Equal("first@example.com", await WhoSignsInAsync());
        Portal.Wait(TimeSpan.FromMinutes(2));

        await VerifyAsync(second.Id);

        Assert.Equal("second@example.com", await WhoSignsInAsync());
        Assert.False((await accounts.AccountAsync("first@example.com"))!.PhoneNumberConfirmed);
    }

    [Fact]
    public async Task The_number_alone_belongs_to_the_account_that_asked_last_and_not_to_the_younger_one()
    {
        var first = await accounts.VerifiedAsync("first@example.com");
        Portal.Wait(TimeSpan.FromMinutes(1));
        var second = await accounts.VerifiedAsync("second@example.com");
        await SendAsync(second.Id);
        Portal.Wait(TimeSpan.FromMinutes(2));
        await SendAsync(first.Id);
        Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<SendOutcome.Sent>(await Mobiles.SendToAsync(Mobile, Channels.Sms, Binding.None, Cancel));
        Assert.IsType<VerifyOutcome.Verified>(await Mobiles.VerifyAsync(Mobile, await Portal.CodeForAsync(Mobile), Binding.None, Cancel));

        Assert.Equal("first@example.com", await WhoSignsInAsync());
    }

    [Fact]
    public async Task A_number_that_waits_for_nobody_is_sent_nothing_and_no_code_verifies_it()
    {
        var sent = await Mobiles.SendToAsync(Mobile, Channels.Sms, Binding.None, Cancel);

        Assert.Equal(new SendOutcome.Sent(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)), sent);
        Assert.Empty(await accounts.MailToAsync(Mobile));
        Assert.Equal(new VerifyOutcome.Wrong(4), await Mobiles.VerifyAsync(Mobile, "123456", Binding.None, Cancel));
    }

    [Fact]
    public async Task A_number_names_nobody_whose_address_is_not_proven()
    {
        const string email = "unproven@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        await Mobiles.SendToAsync(Mobile, Channels.Sms, Binding.None, Cancel);
        Assert.IsType<VerifyOutcome.Verified>(await Mobiles.VerifyAsync(Mobile, await Portal.CodeForAsync(Mobile), Binding.None, Cancel));
        var texts = (await accounts.MailToAsync(Mobile)).Count;

        Assert.IsType<SignInOutcome.Wrong>(await WithPasswordAsync());
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.SignIn.RequestCodeAsync(null, Binding.None, Cancel, typedMobile: Mobile));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.SignIn.RequestCodeAsync(email, Binding.None, Cancel, Channels.Sms));

        Assert.Equal(texts, (await accounts.MailToAsync(Mobile)).Count);
        var account = (await accounts.AccountAsync(email))!;
        Assert.Equal((true, false), (account.PhoneNumberConfirmed, account.EmailConfirmed));
    }

    [Fact]
    public async Task A_text_is_never_what_verifies_an_address()
    {
        const string email = "by-text@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);

        var outcome = await accounts.Registration.RequestCodeAsync(email, null, Binding.None, Channels.Sms, Cancel);

        Assert.Equal("Channel", Assert.Single(Assert.IsType<CodeRequestOutcome.Invalid>(outcome).Errors).Field);
        Assert.Empty(await accounts.MailToAsync(Mobile));
    }

    [Fact]
    public async Task An_account_that_is_registered_again_has_its_number_to_verify_again()
    {
        const string email = "again@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        await Mobiles.SendToAsync(Mobile, Channels.Sms, Binding.None, Cancel);
        await Mobiles.VerifyAsync(Mobile, await Portal.CodeForAsync(Mobile), Binding.None, Cancel);
        Portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.RegisterAsync(email, "a stranger's password", Binding.None);

        Assert.False((await accounts.AccountAsync(email))!.PhoneNumberConfirmed);
    }

    [Fact]
    public async Task Wrong_passwords_count_for_one_account_by_whatever_name()
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
    public async Task Of_wrong_codes_the_owner_is_told_by_mail_also_when_the_code_was_asked_for_by_the_number()
    {
        const string email = "owner@example.com";
        await VerifyAsync((await accounts.VerifiedAsync(email)).Id);
        var texts = (await accounts.MailToAsync(Mobile)).Count;
        await accounts.SignIn.RequestCodeAsync(null, new Asker(Binding.None, "Firefox on Windows"), Cancel, typedMobile: Mobile);
        var wrong = PortalHost.Not(await Portal.CodeForAsync(Mobile));

        for (var i = 0; i < 6; i++)
        {
            await accounts.SignInWithCodeAsync(Mobile, wrong, Binding.None);
        }

        var notice = (await accounts.MailToAsync(email))[0];
        Assert.Equal(("Somebody tried wrong codes for your account", null), (notice.Subject, notice.Code));
        Assert.Contains("Firefox on Windows", notice.Text, StringComparison.Ordinal);
        Assert.Equal(texts + 1, (await accounts.MailToAsync(Mobile)).Count);
        Assert.Single(await accounts.MailToAsync(email), mail => mail.Subject == notice.Subject);
    }

    private async Task SendAsync(string userId)
    {
        var sent = await Mobiles.SendAsync(userId, Channels.Sms, OtpWords.Browser, Cancel);
        Assert.IsType<SendOutcome.Sent>(sent!.Value.Outcome);
    }

    private async Task VerifyAsync(string userId)
    {
        await SendAsync(userId);
        Assert.IsType<VerifyOutcome.Verified>(
            await Mobiles.VerifyAsync(userId, Mobile, await Portal.CodeForAsync(Mobile), OtpWords.Browser, Cancel));
    }

    private Task<SignInOutcome> WithPasswordAsync(string password = AccountsHost.Password) =>
        accounts.SignIn.WithPasswordAsync(null, password, OtpWords.Browser, Cancel, Mobile);

    private async Task<string> WhoSignsInAsync() => Assert.IsType<SignInOutcome.SignedIn>(await WithPasswordAsync()).User.Email!;
}
