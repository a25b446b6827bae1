using System.Collections.Concurrent;
using System.Net;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// Somebody goes through everything that the portal offers with an address, to learn whether it has an account. Each answer for an
/// address that has one must be that for one that has none: status, headers, cookies and body, whatever came before, and whatever the
/// mail server does.
/// </summary>
public sealed class EnumerationTests(KnownAccounts accounts)
{
    // Pairs are independent of each other, and most of their time is the hashing of passwords.
    private const int AtOnce = 4;

    [Fact]
    public async Task Accounts_and_unknown_addresses_look_alike_with_the_mail_server_up() => await CompareAsync(30, await StartAsync());

    [Fact]
    public async Task Accounts_and_unknown_addresses_look_alike_with_the_mail_server_refusing_recipients()
    {
        var portal = await StartAsync();
        portal.Mail.Script = SmtpServer.On("RCPT", () => "550 5.1.1 No such mailbox");
        await CompareAsync(6, portal);
    }

    [Fact]
    public async Task Accounts_and_unknown_addresses_look_alike_with_the_mail_server_away() =>
        await CompareAsync(6, await StartAsync(isMailAway: true));

    private async Task<PublishedPortal> StartAsync(bool isMailAway = false)
    {
        var portal = PublishedPortal.Prepare();
        await accounts.GiveToAsync(portal);
        if (isMailAway)
        {
            await portal.Mail.DisposeAsync();
        }

        await portal.RestartAsync();

        // The portal knows how its mail server is before the first stranger comes.
        await Prompt.AgainAsync(() => portal.NewVisitor()
            .PostAsync("register", new { email = "first@example.com", password = Accounts.Password }))
            .Is(HttpStatusCode.Accepted);
        await portal.UntilAsync(() => SqliteFile.Read(portal.Database, "SELECT COUNT(*) FROM Outbox WHERE Tries > 0") is not ["0"],
            "no mail was tried");
        return portal;
    }

    private static async Task CompareAsync(int pairs, PublishedPortal portal)
    {
        await using var _ = portal;
        var differences = new ConcurrentQueue<(string Step, string Text)>();
        var journeys = Enumerable.Range(0, pairs).Select(pair => new Pair(
            new(portal, KnownAccounts.Known(pair), ChallengeOf(pair)), new(portal, KnownAccounts.Unknown(pair), ChallengeOf(pair)),
                pair % 4 < 2)).ToList();
        await Parallel.ForEachAsync(journeys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (pair, _) =>
        {
            await TakeAsync(pair, journey => pair.ProgramFirst ? journey.ProgramFirst() : journey.BrowserFirst());
        });
        if (portal.Mail.Accepted.Count > 0)
        {
            await portal.DrainedAsync();
        }

        foreach (var pair in journeys)
        {
            await TakeAsync(pair, journey => journey.OfDelivery());
        }

        var summary = differences.GroupBy(difference => difference.Step)
            .Select(step => $"{step.Key}: {step.Count()} of {pairs} pairs differ, as\n{step.First().Text}");
        Assert.True(differences.IsEmpty, string.Join("\n\n", summary));

        async Task TakeAsync(Pair pair, Func<EnumerationJourney, IEnumerable<(string Name, Func<Task<Reply>> TakeAsync)>> steps)
        {
            foreach (var ((name, known), (_, unknown)) in steps(pair.Known).Zip(steps(pair.Unknown)))
            {
                var one = Observed.Of(await Prompt.AgainAsync(known), pair.Known.Email);
                var other = Observed.Of(await Prompt.AgainAsync(unknown), pair.Unknown.Email);
                if (one != other)
                {
                    differences.Enqueue((name, FirstDifference(one, other)));
                }
            }
        }
    }

    // Half of the programs bind their codes to themselves; the other half cannot be told apart.
    private static string? ChallengeOf(int pair) => pair % 2 == 0 ? null : "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA";

    private static string FirstDifference(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"  with an account: …{Around(one, at)}…\n  without:         …{Around(other, at)}…";

        static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 120)].ReplaceLineEndings(" ");
    }

    private sealed record Pair(EnumerationJourney Known, EnumerationJourney Unknown, bool ProgramFirst);
}
