using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>How many texts a day the portal pays for, and that strangers cannot spend those of proven numbers.</summary>
public sealed class TextBudgetTests : TextLimitTest
{
    private const string Proven = "+447911123456";

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
