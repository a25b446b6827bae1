using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>However many addresses a mailbox has, its owner gets ten messages an hour and forty a day.</summary>
public sealed class MailboxTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("ann+1@example.com", "ann@example.com")]
    [InlineData("ann+a+b@example.com", "ann@example.com")]
    [InlineData("+1@example.com", "+1@example.com")]
    [InlineData("a.n.n@example.com", "a.n.n@example.com")]
    [InlineData("v.ic.tim@gmail.com", "victim@gmail.com")]
    [InlineData("v.ictim+x@googlemail.com", "victim@gmail.com")]
    [InlineData("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("+447700900123", "+447700900123")]
    public void A_mailbox_is_its_address_without_what_providers_ignore(string identifier, string key) =>
        Assert.Equal(key, Mailbox.KeyOf(Identifier.FromStored(identifier)));

    [Theory]
    [InlineData(MessageKind.Code)]
    [InlineData(MessageKind.Decoy)]
    public async Task One_mailbox_gets_ten_messages_an_hour_over_all_addresses_and_purposes_and_decoys_count_alike(MessageKind kind)
    {
        Purpose[] purposes = [Purpose.Register, Purpose.Login, Purpose.ForgotPassword];
        for (var i = 0; i < Mailbox.PerHour; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await SendAsync($"{kind}+{i}@example.com", purposes[i % 3], kind));
        }

        foreach (var purpose in purposes)
        {
            Assert.Equal(new SendOutcome.Refused(SendRefusal.HourlyCap, TimeSpan.FromHours(1)),
                await SendAsync($"{kind}@example.com", purpose, kind));
        }

        Assert.Null(await portal.StatusAsync($"{kind}@example.com".ToLowerInvariant()));
        Assert.IsType<SendOutcome.Sent>(await SendAsync($"other-{kind}@example.com", Purpose.Login, kind));
        portal.Wait(TimeSpan.FromHours(1));
        Assert.IsType<SendOutcome.Sent>(await SendAsync($"{kind}@example.com", Purpose.Login, kind));
    }

    [Fact]
    public async Task One_mailbox_gets_forty_messages_a_day()
    {
        for (var i = 0; i < Mailbox.PerDay; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await SendAsync($"day+{i}@example.com"));
            portal.Wait(i % 10 == 9 ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        }

        Assert.Equal(new SendOutcome.Refused(SendRefusal.DailyCap, TimeSpan.FromHours(20)), await SendAsync("day+last@example.com"));
        portal.Wait(TimeSpan.FromHours(20));
        Assert.IsType<SendOutcome.Sent>(await SendAsync("day+last@example.com"));
    }

    [Fact]
    public async Task A_refused_send_does_not_count_for_the_mailbox()
    {
        Assert.IsType<SendOutcome.Sent>(await SendAsync("refused@example.com"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(SendRefusal.Cooldown, Assert.IsType<SendOutcome.Refused>(await SendAsync("refused@example.com")).Reason);
        }

        Assert.IsType<SendOutcome.Sent>(await SendAsync("refused+1@example.com"));
    }

    [Fact]
    public async Task A_notice_is_sent_though_the_limit_of_the_mailbox_is_reached()
    {
        const string email = "full@example.com";
        await accounts.VerifiedAsync(email);
        var ticket = await TicketAsync(email);
        for (var i = 0; await SendAsync($"full+{i}@example.com") is SendOutcome.Sent; i++)
        {
            Assert.InRange(i, 0, Mailbox.PerHour);
        }

        Assert.IsType<ResetOutcome.Done>(await accounts.ResetPasswordAsync(email, ticket, "a whole new password"));

        Assert.Single(await accounts.MailToAsync(email), mail => mail.Subject == "Your password was changed");
    }

    [Fact]
    public async Task Notices_of_one_kind_are_folded_to_one_an_hour()
    {
        const string email = "folded@example.com";
        await accounts.VerifiedAsync(email);
        await ResetAsync(1);
        portal.Wait(TimeSpan.FromMinutes(2));
        await ResetAsync(1);
        portal.Wait(TimeSpan.FromMinutes(58));
        await ResetAsync(2);

        async Task ResetAsync(int notices)
        {
            Assert.IsType<ResetOutcome.Done>(
                await accounts.ResetPasswordAsync(email, await TicketAsync(email), "a whole new password"));
            Assert.Equal(notices, (await accounts.MailToAsync(email)).Count(mail => mail.Subject == "Your password was changed"));
        }
    }

    private async Task<string> TicketAsync(string email)
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.ResetPassword));
        var outcome = await accounts.EnterCodeAsync(CodeUse.ResetPassword, email, await portal.CodeForAsync(email), OtpSteps.Browser);
        return Assert.IsType<CodeEntryOutcome.TicketIssued>(outcome).Ticket;
    }

    private Task<SendOutcome> SendAsync(string email, Purpose purpose = Purpose.Login, MessageKind kind = MessageKind.Code) =>
        portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored(email.ToLowerInvariant()), purpose, OtpSteps.Browser) { Message = kind }, Cancel);
}
