using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// A flood from 5,000 client addresses behind a named proxy, while people go on signing in. A measurement that needs the machine for
/// itself, so it is a command of its own: see docs/building.md.
/// </summary>
public sealed class FloodCheck(KnownAccounts accounts)
{
    private const int Seconds = 30;
    private const int Clients = 5000;
    private const int RealSendsPerSecond = 20;
    private const long MostMemory = 300L * 1024 * 1024;

    private static readonly (string What, int PerSecond, Func<Visitor, int, Task<Reply>> SendAsync)[] Attacks =
    [
        ("unknown sends", 300, (client, number) => client.PostAsync("login", new { email = $"nobody{number}@example.com" })),
        ("wrong passwords", 100, (client, number) => client.PostAsync("login",
            new { email = KnownAccounts.Known(number % 100), password = "not the password" })),
        ("forged headers", 20, (client, number) => client.GetAsync("/login", null,
            ("X-Forwarded-For", $"6.6.{number / 250 % 250}.{number % 250}"), ("X-Forwarded-Host", "evil.example"))),
    ];

    [Fact(Explicit = true)]
    public async Task Real_people_get_their_codes_during_a_flood()
    {
        await using var portal = PublishedPortal.Prepare(("RateLimits__Enabled", "true"));
        await accounts.GiveToAsync(portal, (Seconds * RealSendsPerSecond) + 100);
        await portal.RestartAsync();
        await SendAsPersonAsync(portal, (Seconds * RealSendsPerSecond) + 50);

        var answers = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var times = new ConcurrentBag<double>();
        var memory = new ConcurrentBag<long>();
        var clients = Enumerable.Range(0, Clients).Select(i =>
            portal.NewVisitor(string.Create(CultureInfo.InvariantCulture, $"198.19.{i / 250}.{i % 250}"))).ToArray();
        var floods = Attacks.Select((attack, kind) => OpenLoopAsync(attack.PerSecond, async (number, _) =>
            Count(answers, attack.What, await OutcomeAsync(() =>
                attack.SendAsync(clients[((number * 7) + (kind * 1000)) % Clients], number)))));
        var people = OpenLoopAsync(RealSendsPerSecond, async (number, due) =>
        {
            var outcome = await OutcomeAsync(() => SendAsPersonAsync(portal, number));
            Count(answers, "real sends", outcome);
            times.Add(outcome == "202" ? TimeProvider.System.GetElapsedTime(due).TotalMilliseconds : double.PositiveInfinity);
        });
        var watch = OpenLoopAsync(4, (_, _) =>
        {
            memory.Add(portal.Memory);
            return Task.CompletedTask;
        });
        await Task.WhenAll([.. floods, people, watch]);

        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var after = await AfterwardsAsync(portal);
        Judge(answers, [.. times.Order()], memory.Max(), after);
    }

    private static void Judge(ConcurrentDictionary<string, int> answers, double[] times, long memory, double after)
    {
        var say = TestContext.Current.TestOutputHelper!;
        foreach (var (answer, count) in answers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            say.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,6}  {answer}"));
        }

        var accepted = times.Count(double.IsFinite);
        var p99 = times.Where(double.IsFinite).ElementAtOrDefault((int)(accepted * 0.99));
        say.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"real sends: {100.0 * accepted / times.Length:0.0} % accepted, p50 {times[times.Length / 2]:0} ms, p99 {p99:0} ms"));
        say.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: {memory / 1024 / 1024} MB at most; 5 s later the slowest of 20 sends took {after:0} ms"));
        Assert.Multiple(
            () => Assert.True(accepted >= 0.9 * times.Length, "Fewer than 90 % of the real sends were accepted."),
            () => Assert.True(p99 < 1000, "The slowest hundredth of the real sends took longer than a second."),
            () => Assert.True(memory < MostMemory, "The process took more than 300 MB."),
            () => Assert.True(after < 1000, "Five seconds later it was still slow."));
    }

    /// <summary>Twenty sends after the flood, and the mail of the last: milliseconds of the slowest.</summary>
    private static async Task<double> AfterwardsAsync(PublishedPortal portal)
    {
        var slowest = 0.0;
        var number = Seconds * RealSendsPerSecond;
        for (var last = number + 20; number < last; number++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await SendAsPersonAsync(portal, number).Is(HttpStatusCode.Accepted);
            slowest = Math.Max(slowest, TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        }

        await portal.UntilAsync(() => portal.CodesFor(KnownAccounts.Known(number - 1)).Count == 1,
            "the mail after the flood did not arrive", TimeSpan.FromSeconds(5));
        await portal.NewVisitor().GetAsync("/health/ready").Is(HttpStatusCode.OK);
        return slowest;
    }

    // Each from an account and a client address of its own.
    private static Task<Reply> SendAsPersonAsync(PublishedPortal portal, int number) =>
        portal.NewVisitor(string.Create(CultureInfo.InvariantCulture, $"203.0.{113 + (number / 250)}.{number % 250}"))
            .PostAsync("login", new { email = KnownAccounts.Known(number) });

    /// <summary>Begins something at its times, whether or not what was begun before has ended, and returns once all has.</summary>
    private static async Task OpenLoopAsync(int perSecond, Func<int, long, Task> act)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var running = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var number = 0; number < Seconds * perSecond; number++)
        {
            var due = begun + (long)((double)number / perSecond * TimeProvider.System.TimestampFrequency);
            while (TimeProvider.System.GetTimestamp() < due)
            {
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            running.Add(act(number, due));
        }

        await Task.WhenAll(running);
    }

    private static async Task<string> OutcomeAsync(Func<Task<Reply>> sendAsync)
    {
        try
        {
            return ((int)(await sendAsync()).Status).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return failure.GetType().Name;
        }
    }

    private static void Count(ConcurrentDictionary<string, int> answers, string what, string outcome) =>
        answers.AddOrUpdate($"{what}: {outcome}", 1, (_, count) => count + 1);
}
