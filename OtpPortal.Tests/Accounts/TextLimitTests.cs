using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>How many texts strangers can have sent to a number, by an account and to a range of numbers.</summary>
public sealed class TextLimitTests : TextLimitTest
{
    [Fact]
    public async Task An_unproven_number_gets_three_codes_a_day_whichever_account_asks()
    {
        var (ann, bob) = (await AccountAsync("ann"), await AccountAsync("bob"));
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await SendAsync(i == 1 ? bob : ann, Number(1)));
            Portal.Wait(Cooldown);
        }

        var left = TimeSpan.FromDays(1) - (3 * Cooldown);
        Assert.Equal(new SendOutcome.Refused(SendRefusal.DailyCap, left), await SendAsync(ann, Number(1)));
        Assert.Equal(new SendOutcome.Refused(SendRefusal.DailyCap, left), await SendAsync(bob, Number(1)));
        Portal.Wait(left);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(bob, Number(1)));
    }

    [Fact]
    public async Task An_account_may_send_codes_to_five_numbers_a_day()
    {
        var (ann, bob) = (await AccountAsync("ann"), await AccountAsync("bob"));
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await SendAsync(ann, Number(i)));
        }

        Assert.Equal(new SendOutcome.Refused(SendRefusal.DailyCap, TimeSpan.FromDays(1)), await SendAsync(ann, Number(5)));

        // One of the five again is none more, and another account has five of its own.
        Portal.Wait(Cooldown);
        Assert.IsType<SendOutcome.Sent>(await SendAsync(ann, Number(3)));
        Assert.IsType<SendOutcome.Sent>(await SendAsync(bob, Number(5)));
    }

    [Fact]
    public async Task A_range_of_numbers_gets_twenty_texts_a_day_however_many_accounts_ask()
    {
        var sent = 0;
        for (var account = 0; account < 8; account++)
        {
            var id = await AccountAsync($"person{account}");
            for (var number = 0; number < 5; number++)
            {
                sent += await SendAsync(id, Number((10 * account) + number)) is SendOutcome.Sent ? 1 : 0;
            }
        }

        Assert.Equal(20, sent);
        await Portal.DeliverAsync();
        Assert.Equal(20, Portal.Inbox.Count(message => message.To.StartsWith('+')));

        // A number of another range is none of it.
        Assert.IsType<SendOutcome.Sent>(await SendAsync(await AccountAsync("elsewhere"), "+447911000000"));
    }

    [Fact]
    public async Task A_number_of_another_country_is_sent_nothing_though_an_account_names_it()
    {
        var id = await AccountAsync("abroad");
        await Portal.Lane.RunAsync(db => db.Users.Where(user => user.Id == id)
            .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, "+33612345678"), Cancel), Cancel);

        Assert.Contains(
            "cannot be sent to this country",
            Assert.IsType<CodeRequestOutcome.Invalid>(await accounts.RequestMobileCodeAsync(id, "+33612345678")).Error.Message,
            StringComparison.Ordinal);
        Assert.Empty(await accounts.MailToAsync("+33612345678"));
    }
}
