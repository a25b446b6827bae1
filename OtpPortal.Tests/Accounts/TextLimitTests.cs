using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>How many texts strangers can have sent at the portal's cost, and that they cannot spend those of proven numbers.</summary>
public sealed class TextLimitTests : IAsyncDisposable
{
    private const string Proven = "+447911123456";

    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(2);

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    private AccountMobiles Mobiles => Portal.Services.GetRequiredService<AccountMobiles>();

    public TextLimitTests() => Portal.With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB");

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

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
    public async Task Unverified_numbers_may_spend_half_of_the_text_budget_and_verified_ones_the_rest()
    {
        Portal.With("Twilio:TextsPerDay", "10");
        await ProvenAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await SendAsync(await AccountAsync($"person{i}"), Number(i)));
        }

        Assert.IsType<SendOutcome.Refused>(await SendAsync(await AccountAsync("late"), Number(9)));
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Proven));
            await Portal.DeliverAsync();
            Portal.Wait(Cooldown);
        }

        // Where a proven number is refused, one of nobody is refused alike.
        var refused = Assert.IsType<CodeRequestOutcome.Refused>(await ByNumberAsync(Proven));
        Assert.Equal(refused.Refusal, Assert.IsType<CodeRequestOutcome.Refused>(await ByNumberAsync("+447911999999")).Refusal);
        await Portal.DeliverAsync();
        Assert.Equal(10, Portal.Inbox.Count(message => message.To.StartsWith('+')));
    }

    [Fact]
    public async Task Codes_for_unknown_numbers_cost_nothing_of_the_text_budget()
    {
        Portal.With("Twilio:TextsPerDay", "2");
        await ProvenAsync();
        for (var i = 0; i < 30; i++)
        {
            Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Number(i)));
        }

        Assert.Equal((0, 2), await TodayAsync());
        Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Proven));
        Assert.Equal((1, 2), await TodayAsync());
    }

    [Fact]
    public async Task A_spent_text_budget_refuses_until_the_day_in_UTC_ends_whenever_its_first_text_was_sent()
    {
        Portal.With("Twilio:TextsPerDay", "2");
        await ProvenAsync();
        Portal.Wait(TimeSpan.FromMinutes(17));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Proven));
        Portal.Wait(Cooldown);
        Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Proven));
        Portal.Wait(TimeSpan.FromMinutes(13));

        var refused = Assert.IsType<CodeRequestOutcome.Refused>(await ByNumberAsync("+447911999999"));

        var now = Portal.Clock!.GetUtcNow();
        Assert.Equal(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime, refused.Refusal.Wait);
        Portal.Wait(refused.Refusal.Wait);
        Assert.IsType<CodeRequestOutcome.CodeSent>(await ByNumberAsync(Proven));
    }

    [Fact]
    public async Task The_log_warns_at_four_fifths_of_the_text_budget()
    {
        Portal.With("Twilio:TextsPerDay", "10");
        await ProvenAsync();
        for (var i = 0; i < 5; i++)
        {
            await SendAsync(await AccountAsync($"person{i}"), Number(i));
        }

        for (var i = 5; i < 8; i++)
        {
            Assert.Empty(await AlarmsAsync());
            await ByNumberAsync(Proven);
            Portal.Wait(Cooldown);
        }

        Assert.StartsWith(
            "8 of 10 texts per day (Twilio:TextsPerDay) are used.", Assert.Single(await AlarmsAsync()), StringComparison.Ordinal);

        async Task<IEnumerable<string>> AlarmsAsync()
        {
            var today = await TodayAsync();
            var alarms = await Portal.ReadAsync(db => Alerts.ReadAsync(db, new QueueFigures(0, null), today, Portal.Clock!.GetUtcNow()));
            return alarms.Where(alarm => alarm.Contains("texts", StringComparison.Ordinal));
        }
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

    /// <summary>Numbers that share their first seven digits.</summary>
    private static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"+447700900{i:000}");

    private async Task<string> AccountAsync(string name) => (await accounts.VerifiedAsync($"{name}@example.com")).Id;

    private async Task<SendOutcome> SendAsync(string id, string number)
    {
        Assert.Null(await Mobiles.ChangeAsync(id, number, session: null, Cancel));
        return await accounts.RequestMobileCodeAsync(id, number) switch
        {
            CodeRequestOutcome.CodeSent sent => sent.Sent,
            var outcome => Assert.IsType<CodeRequestOutcome.Refused>(outcome).Refusal,
        };
    }

    private async Task ProvenAsync()
    {
        var id = await AccountAsync("proven");
        await Portal.Lane.RunAsync(
            db => db.Users.Where(user => user.Id == id)
                .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumber, Proven)
                .SetProperty(row => row.PhoneNumberConfirmed, true), Cancel),
            Cancel);
    }

    private Task<CodeRequestOutcome> ByNumberAsync(string number) =>
        accounts.RequestCodeAsync(number, OtpSteps.Browser);

    private Task<(int Sent, int Budget)> TodayAsync() =>
        Portal.Lane.RunAsync(db => Portal.Services.GetRequiredService<TextLimits>().OfTodayAsync(db), Cancel);
}
