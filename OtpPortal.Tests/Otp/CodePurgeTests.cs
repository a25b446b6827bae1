using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>Nobody can tell from any answer whether the purge ran.</summary>
public sealed class CodePurgeTests
{
    private static readonly int[] Pauses = [0, 119, 1, 180, 300, 3600, 60, 86_400, 86_399, 1, 200_000];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_purge_after_every_step_changes_no_outcome_of_a_code()
    {
        Assert.Equal(await StoryAsync(purging: false), await StoryAsync(purging: true));
    }

    [Fact]
    public async Task A_row_of_a_code_is_purged_when_no_rule_needs_it_any_more()
    {
        await using var portal = new PortalHost();
        await portal.SendAsync("rested@example.com");
        portal.Wait(TimeSpan.FromHours(1));
        var guessed = await portal.SendAsync("guessed@example.com");
        portal.Wait(TimeSpan.FromMinutes(4));
        await portal.GuessAsync("guessed@example.com", PortalHost.Not(guessed));

        portal.Wait(TimeSpan.FromHours(23) - TimeSpan.FromMinutes(4) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await PurgeAsync(portal));
        portal.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await PurgeAsync(portal));

        // The other one remembers a wrong guess for a day from then on.
        portal.Wait(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(4) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await PurgeAsync(portal));
        portal.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await PurgeAsync(portal));
        Assert.Equal(0, await portal.ReadAsync(db => Task.FromResult(db.OtpCodes.Count())));
    }

    [Fact]
    public async Task More_rows_than_a_batch_are_purged_in_one_pass()
    {
        await using var portal = new PortalHost();
        await Task.WhenAll(Enumerable.Range(0, BatchedDelete.Size + 20).Select(i => portal.TrySendAsync($"many{i}@example.com")));
        portal.Wait(TimeSpan.FromDays(1));

        Assert.Equal(BatchedDelete.Size + 20, await PurgeAsync(portal));
    }

    // Two days of an address: sends, wrong, right, early and late codes, a lock, and long silences.
    private static async Task<List<string>> StoryAsync(bool purging)
    {
        await using var portal = new PortalHost()
            .With("Otp:Login:SendsPerHour", "3").With("Otp:Login:SendsPerDay", "8").With("Otp:FailureBudget", "12");
        const string email = "ann@example.com";
        var told = new List<string>();
        var code = "123456";
        foreach (var step in Enumerable.Range(0, 6 * Pauses.Length))
        {
            portal.Wait(TimeSpan.FromSeconds(Pauses[step % Pauses.Length]));
            await MaybePurgeAsync();
            await TellAsync((await portal.VerifyAsync(email, code)).ToString());
            var sent = await portal.TrySendAsync(email);
            await TellAsync(sent.ToString());
            code = sent is SendOutcome.Sent ? await portal.CodeForAsync(email) : code;
            for (var guess = 0; guess < step % 7; guess++)
            {
                await TellAsync((await portal.VerifyAsync(email, PortalHost.Not(code))).ToString());
            }

            await TellAsync((await portal.StatusAsync(email))?.IsWaiting == true ? "waiting" : "not waiting");
        }

        return told;

        Task TellAsync(string what)
        {
            told.Add($"{told.Count}: {what}");
            return MaybePurgeAsync();
        }

        Task MaybePurgeAsync() => purging ? PurgeAsync(portal) : Task.CompletedTask;
    }

    private static Task<int> PurgeAsync(PortalHost portal) =>
        portal.Services.GetServices<IPurge>().OfType<CodePurge>().Single().RunAsync(Cancel);
}
