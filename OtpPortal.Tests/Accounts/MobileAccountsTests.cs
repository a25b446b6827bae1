using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>Whose a mobile number is, and what a code that was sent to it proves.</summary>
public sealed class MobileAccountsTests : IAsyncLifetime
{
    private const string Mobile = "+447700900123";
    private const string OtherMobile = "+447700900456";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    private AccountMobiles Mobiles => Portal.Services.GetRequiredService<AccountMobiles>();

    public ValueTask InitializeAsync()
    {
        Portal.With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_right_code_for_a_number_of_another_account_moves_nothing_until_the_move_is_confirmed()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        await VerifyAsync(first.Id);
        Assert.Equal("first@example.com", await WhoSignsInAsync());
        Portal.Wait(TimeSpan.FromMinutes(2));
        var code = await SendAsync(second.Id);

        Assert.IsType<CodeEntryOutcome.HeldByAnother>(await EnterAsync(second.Id, code));
        Assert.Equal("first@example.com", await WhoSignsInAsync());

        // The code is still good, as often as the question is asked.
        Assert.IsType<CodeEntryOutcome.HeldByAnother>(await EnterAsync(second.Id, code));
        Assert.IsType<CodeEntryOutcome.MobileVerified>(await EnterAsync(second.Id, code, move: true));
        Assert.Equal("second@example.com", await WhoSignsInAsync());
        Assert.IsType<CodeEntryOutcome.Refused>(await EnterAsync(second.Id, code, move: true));
    }

    [Fact]
    public async Task A_moved_number_ends_everything_of_the_account_that_had_it_and_notifies_its_owner()
    {
        var (first, second) = (await accounts.VerifiedAsync("first@example.com"), await accounts.VerifiedAsync("second@example.com"));
        await VerifyAsync(first.Id);
        var (firsts, seconds) = (await Portal.BeginAsync("first@example.com"), await Portal.BeginAsync("second@example.com"));
        Portal.Wait(TimeSpan.FromMinutes(2));

        await VerifyAsync(second.Id, move: true);

        Assert.Null(await FindAsync(firsts));
        Assert.NotNull(await FindAsync(seconds));
        var holder = (await accounts.AccountAsync("first@example.com"))!;
        Assert.Equal((null, false), (holder.PhoneNumber, holder.PhoneNumberConfirmed));
        var mail = (await accounts.MailToAsync("first@example.com"))[0];
        Assert.Contains("mobile", mail.Subject, StringComparison.OrdinalIgnoreCase);
        Assert.Null(mail.Code);
        Assert.DoesNotContain("second@example.com", mail.Text, StringComparison.Ordinal);
        Assert.Equal(1,
            await Portal.ReadAsync(
                db => db.Activity.CountAsync(
                    noted => noted.Kind == ActivityEventKind.MobileMoved && noted.Address == "first@example.com", Cancel)));
    }

    [Fact]
    public async Task The_database_lets_no_two_accounts_hold_one_verified_number()
    {
        await accounts.VerifiedAsync("first@example.com");
        await accounts.VerifiedAsync("second@example.com");

        await Assert.ThrowsAnyAsync<Exception>(() => Portal.Lane.RunAsync(
            db => db.Users.ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, Mobile)
                .SetProperty(row => row.PhoneNumberConfirmed, true), Cancel),
            Cancel));

        // Unproven, any number of accounts may name it.
        Assert.Equal(
            2, await Portal.ReadAsync(db => db.Users.CountAsync(user => user.PhoneNumber == Mobile && !user.PhoneNumberConfirmed, Cancel)));
    }

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
    public async Task An_account_whose_address_is_registered_again_keeps_its_number_verified()
    {
        const string email = "again@example.com";
        await VerifyAsync((await accounts.VerifiedAsync(email)).Id);
        Portal.Wait(TimeSpan.FromMinutes(2));

        await accounts.RegisterAsync(email, "a stranger's password", Binding.None);

        var account = (await accounts.AccountAsync(email))!;
        Assert.Equal((Mobile, true), (account.PhoneNumber, account.PhoneNumberConfirmed));
        Assert.Equal(email, await WhoSignsInAsync());
    }

    [Theory]
    [InlineData(OtherMobile, OtherMobile)]
    [InlineData("", null)]
    public async Task A_changed_or_removed_verified_number_ends_all_sessions_but_the_one_that_did_it(string typed, string? stored)
    {
        const string email = "moves@example.com";
        var account = await accounts.VerifiedAsync(email);
        await VerifyAsync(account.Id);
        var (mine, other) = (await Portal.BeginAsync(email), await Portal.BeginAsync(email));

        Assert.Null(await Mobiles.ChangeAsync(account.Id, typed, mine.SessionId, Cancel));

        var after = (await accounts.AccountAsync(email))!;
        Assert.Equal((stored, false), (after.PhoneNumber, after.PhoneNumberConfirmed));
        Assert.NotNull(await FindAsync(mine));
        Assert.Null(await FindAsync(other));
        Assert.IsType<SignInOutcome.Wrong>(await WithPasswordAsync());
    }

    [Fact]
    public async Task An_unverified_number_is_changed_without_ending_anything()
    {
        const string email = "typo@example.com";
        var account = await accounts.VerifiedAsync(email);
        var session = await Portal.BeginAsync(email);

        Assert.Null(await Mobiles.ChangeAsync(account.Id, OtherMobile, session: null, Cancel));

        Assert.NotNull(await FindAsync(session));
        Assert.Equal(OtherMobile, (await accounts.AccountAsync(email))!.PhoneNumber);
    }

    [Theory]
    [InlineData("07700 900123", "country code")]
    [InlineData("+33 6 12 34 56 78", "this country")]
    public async Task A_number_that_no_code_could_be_sent_to_is_refused(string typed, string why)
    {
        var account = await accounts.VerifiedAsync("abroad@example.com");

        Assert.Contains(why, await Mobiles.ChangeAsync(account.Id, typed, session: null, Cancel), StringComparison.Ordinal);

        Assert.Equal(Mobile, (await accounts.AccountAsync("abroad@example.com"))!.PhoneNumber);
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

    private async Task<string> SendAsync(string userId)
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestMobileCodeAsync(userId, Mobile));
        return await Portal.CodeForAsync(Mobile);
    }

    private Task<CodeEntryOutcome> EnterAsync(string userId, string code, bool move = false) =>
        accounts.EnterMobileCodeAsync(userId, Mobile, code, move);

    private async Task VerifyAsync(string userId, bool move = false) =>
        Assert.IsType<CodeEntryOutcome.MobileVerified>(await EnterAsync(userId, await SendAsync(userId), move));

    private Task<PortalUser?> FindAsync(IssuedSession session) =>
        Portal.Services.GetRequiredService<Sessions>().FindAsync(session.SessionId, session.User.Id, Cancel);

    private Task<SignInOutcome> WithPasswordAsync(string password = AccountsHost.Password) => accounts.PasswordSignIn.SignInAsync(
        new PasswordSignInRequest(null, password, OtpSteps.Browser, SessionRequest.Browser) { Mobile = Mobile }, Cancel);

    private async Task<string> WhoSignsInAsync() => Assert.IsType<SignInOutcome.SignedIn>(await WithPasswordAsync()).User.Email!;
}
