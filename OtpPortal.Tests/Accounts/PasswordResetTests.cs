using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

public sealed class PasswordResetTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private const string NewPassword = "a whole new password";

    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reset_code_yields_a_ticket_and_the_ticket_sets_the_password()
    {
        const string email = "whole-path@example.com";
        var before = await accounts.VerifiedAsync(email);

        var ticket = await TicketAsync(email);
        Assert.IsType<ResetOutcome.Done>(await ResetAsync(email, ticket));

        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email));
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, NewPassword));
        var after = (await accounts.AccountAsync(email))!;
        Assert.NotEqual(before.SecurityStamp, after.SecurityStamp);
        var mail = (await accounts.MailToAsync(email))[0];
        Assert.Equal("Your password was changed", mail.Subject);
        Assert.Contains("1 March 2026 at", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_ticket_is_good_once()
    {
        const string email = "once@example.com";
        await accounts.VerifiedAsync(email);
        var ticket = await TicketAsync(email);
        await ResetAsync(email, ticket);

        Assert.IsType<ResetOutcome.NoTicket>(await ResetAsync(email, ticket, "yet another password"));

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, NewPassword));
    }

    [Fact]
    public async Task One_of_twenty_parallel_uses_of_a_reset_ticket_sets_the_password()
    {
        const string email = "parallel@example.com";
        await accounts.VerifiedAsync(email);
        var ticket = await TicketAsync(email);

        var outcomes = await ParallelCalls.RunAsync(20, i => ResetAsync(email, ticket, $"new password {i}"));

        Assert.Single(outcomes.OfType<ResetOutcome.Done>());
        Assert.Equal(19, outcomes.OfType<ResetOutcome.NoTicket>().Count());
        var winner = Array.FindIndex(outcomes, outcome => outcome is ResetOutcome.Done);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, $"new password {winner}"));
        Assert.Single(await accounts.MailToAsync(email), mail => mail.Subject == "Your password was changed");
    }

    [Fact]
    public async Task A_reset_ticket_is_good_for_ten_minutes()
    {
        await accounts.VerifiedAsync("in-time@example.com");
        await accounts.VerifiedAsync("too-late@example.com");
        var inTime = await TicketAsync("in-time@example.com");
        var tooLate = await TicketAsync("too-late@example.com");

        portal.Wait(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.IsType<ResetOutcome.Done>(await ResetAsync("in-time@example.com", inTime));
        portal.Wait(TimeSpan.FromSeconds(1));
        Assert.IsType<ResetOutcome.NoTicket>(await ResetAsync("too-late@example.com", tooLate));
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync("too-late@example.com"));
    }

    [Fact]
    public async Task A_reset_ticket_of_one_address_is_worthless_for_another()
    {
        await accounts.VerifiedAsync("mine@example.com");
        await accounts.VerifiedAsync("yours@example.com");
        var mine = await TicketAsync("mine@example.com");
        await TicketAsync("yours@example.com");

        Assert.IsType<ResetOutcome.NoTicket>(await ResetAsync("yours@example.com", mine));
        Assert.IsType<ResetOutcome.NoTicket>(await ResetAsync("mine@example.com", ""));
        Assert.IsType<ResetOutcome.Done>(await ResetAsync("mine@example.com", mine));
    }

    [Theory]
    [InlineData("short", "short", "NewPassword")]
    [InlineData("password1", null, "NewPassword")]
    [InlineData(null, null, "NewPassword")]
    [InlineData(NewPassword, "something else", "ConfirmPassword")]
    public async Task A_refused_password_leaves_the_reset_ticket_good(string? password, string? again, string field)
    {
        var email = $"weak-{password?.Length}-{again?.Length}@example.com";
        await accounts.VerifiedAsync(email);
        var ticket = await TicketAsync(email);

        var invalid = Assert.IsType<ResetOutcome.Invalid>(await accounts.ResetPasswordAsync(email, ticket, password, again));

        Assert.Equal(field, Assert.Single(invalid.Errors).Field);
        Assert.IsType<ResetOutcome.Done>(await ResetAsync(email, ticket));
    }

    [Fact]
    public async Task A_reset_for_an_unknown_address_takes_the_same_steps_and_sends_no_mail()
    {
        const string email = "unknown@example.com";

        var outcome = await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.ResetPassword);

        Assert.Equal(
            new CodeRequestOutcome.CodeSent(new SendOutcome.Sent(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10))), outcome);
        Assert.Empty(await accounts.MailToAsync(email));
        Assert.Equal(
            new CodeEntryOutcome.Refused(new VerifyOutcome.Wrong(4)),
                await accounts.EnterCodeAsync(CodeUse.ResetPassword, email, "123456", OtpSteps.Browser));
    }

    [Fact]
    public async Task A_reset_unlocks_the_sign_in_with_a_password()
    {
        const string email = "locked-out@example.com";
        await accounts.VerifiedAsync(email);
        for (var i = 0; i < 100; i++)
        {
            await accounts.SignInAsync(email, "another password");
        }

        Assert.IsType<ResetOutcome.Done>(await ResetAsync(email, await TicketAsync(email)));

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email, NewPassword));
    }

    [Fact]
    public async Task A_reset_of_a_registration_by_another_person_verifies_the_account_without_their_names()
    {
        const string email = "prepared@example.com";
        await accounts.RegisterAsync(email, "a stranger's password", OtpSteps.OtherBrowser);

        Assert.IsType<ResetOutcome.Done>(await ResetAsync(email, await TicketAsync(email)));

        var account = (await accounts.AccountAsync(email))!;
        Assert.True(account.EmailConfirmed);
        Assert.Equal((null, null), (account.FirstName, account.LastName));
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, "a stranger's password"));
    }

    [Fact]
    public async Task The_database_holds_no_reset_ticket()
    {
        const string email = "hashed@example.com";
        await accounts.VerifiedAsync(email);

        var ticket = await TicketAsync(email);

        var stored = (await accounts.AccountAsync(email))!.ResetTicketHash;
        Assert.NotNull(stored);
        Assert.NotEqual(ticket, stored);
        Assert.IsType<ResetOutcome.NoTicket>(await ResetAsync(email, stored));
    }

    private async Task<string> TicketAsync(string email)
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.ResetPassword));
        var outcome = await accounts.EnterCodeAsync(CodeUse.ResetPassword, email, await portal.CodeForAsync(email), OtpSteps.Browser);
        var accepted = Assert.IsType<CodeEntryOutcome.TicketIssued>(outcome);
        Assert.Equal(TimeSpan.FromMinutes(10), accepted.ExpiresIn);
        return accepted.Ticket;
    }

    private Task<ResetOutcome> ResetAsync(string email, string ticket, string password = NewPassword) =>
        accounts.ResetPasswordAsync(email, ticket, password);
}
