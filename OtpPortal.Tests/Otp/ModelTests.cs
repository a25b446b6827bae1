using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>Random lives of codes, on the database and in a plain model of the rules: every answer must be the same.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const int Lives = 300;

    // Rules so tight that a random life runs into all of them.
    private readonly PortalHost portal = new PortalHost()
        .With("Otp:Login:MaxAttempts", "3").With("Otp:Login:SendsPerHour", "4").With("Otp:Login:SendsPerDay", "5")
        .With("Otp:FailureBudget", "8").With("Otp:LockFor", "05:00:00");

    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);
    private int life;

    private enum Verb
    {
        Send,
        VerifyNewest,
        VerifyEarlier,
        VerifyWrong,
        VerifyElsewhere,
        Wait,
        Purge,
    }

    public ValueTask InitializeAsync() => portal.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public void Any_sequence_of_send_verify_wait_and_purge_has_the_outcomes_of_the_model()
    {
        var step = from verb in Gen.Frequency(
                (5, Gen.Constant(Verb.Send)),
                (2, Gen.Constant(Verb.VerifyNewest)),
                (4, Gen.Constant(Verb.VerifyEarlier)),
                (7, Gen.Constant(Verb.VerifyWrong)),
                (1, Gen.Constant(Verb.VerifyElsewhere)),
                (5, Gen.Constant(Verb.Wait)),
                (1, Gen.Constant(Verb.Purge)))
            from seconds in Gen.Elements(1, 59, 60, 119, 120, 121, 299, 300, 301, 1800, 3600, 18000, 86400)
            from browser in Gen.Elements("A", "B")
            select (Verb: verb, Seconds: seconds, Browser: browser);
        var lives = Arb.From(Gen.ArrayOf(step, 40));

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Lives),
            Prop.ForAll(lives, steps => LiveAsync(steps).GetAwaiter().GetResult()));

        // A comparison of lives in which nothing happens would prove nothing.
        foreach (var outcome in new[]
            {
                "Sent", "Cooldown", "HourlyCap", "DailyCap", "SendLocked",
                "Verified", "Wrong", "Superseded", "Expired", "TooManyAttempts", "Locked", "None",
            })
        {
            Assert.True(seen.GetValueOrDefault(outcome) >= 10, $"{outcome} was seen {seen.GetValueOrDefault(outcome)} times.");
        }
    }

    // Returns the first answer that differs, or nothing: FsCheck then shows the shortest life that has one.
    private async Task<bool> LiveAsync((Verb Verb, int Seconds, string Browser)[] steps)
    {
        var email = string.Create(CultureInfo.InvariantCulture, $"life{life++}@example.com");
        var options = portal.Services.GetRequiredService<IOptions<OtpOptions>>().Value;
        var model = new CodeModel(options, options.Login);
        var codes = new List<Guess>();
        foreach (var (verb, seconds, browser) in steps)
        {
            var now = portal.Clock!.GetUtcNow();
            switch (verb)
            {
                case Verb.Send:
                    if (await SendAsync(email, model, browser) is { } code)
                    {
                        codes.Add(code);
                    }

                    break;
                case Verb.Wait:
                    portal.Clock.Advance(TimeSpan.FromSeconds(seconds));
                    break;
                case Verb.Purge:
                    await portal.Services.GetServices<OtpPortal.Data.IPurge>().OfType<CodePurge>().Single()
                        .RunAsync(CancellationToken.None);
                    break;
                default:
                    var guess = GuessFor(verb, codes, seconds, browser);
                    Same(model.Verify(guess, now),
                        await portal.Otp.VerifyAsync(
                            Identifier.FromStored(email), Purpose.Login, Of(guess.Browser), guess.Code, CancellationToken.None), verb);
                    break;
            }
        }

        return true;
    }

    private async Task<Guess?> SendAsync(string email, CodeModel model, string browser)
    {
        var now = portal.Clock!.GetUtcNow();
        var expected = model.Send(now);
        var sent = await portal.Otp.SendAsync(new(Identifier.FromStored(email), Purpose.Login, Of(browser)), CancellationToken.None);
        Same(expected, sent, Verb.Send);
        if (sent is not SendOutcome.Sent)
        {
            return null;
        }

        var code = new Guess(await portal.CodeForAsync(email), browser);
        model.Sent(code, now);
        return code;
    }

    private static Guess GuessFor(Verb verb, List<Guess> codes, int seconds, string browser) => verb switch
    {
        Verb.VerifyNewest when codes.Count > 0 => codes[^1],
        Verb.VerifyEarlier when codes.Count > 1 => codes[Math.Max(0, codes.Count - 2 - (seconds % 3))],
        Verb.VerifyElsewhere when codes.Count > 0 => codes[^1] with { Browser = codes[^1].Browser == "A" ? "B" : "A" },
        _ => new Guess(Unused(codes), browser),
    };

    private static string Unused(List<Guess> codes) =>
        Enumerable.Range(0, 1000).Select(number => number.ToString("000000", CultureInfo.InvariantCulture))
            .First(code => codes.TrueForAll(sent => sent.Code != code));

    private static Binding Of(string browser) => Binding.FromVerifier(browser);

    private void Same<T>(T expected, T actual, Verb verb)
        where T : notnull
    {
        Assert.True(Equals(expected, actual), $"{verb}: the model says {expected}, the database {actual}.");
        var name = actual switch
        {
            SendOutcome.Refused { Reason: SendRefusal.Locked } => "SendLocked",
            SendOutcome.Refused refused => refused.Reason.ToString(),
            _ => actual.GetType().Name,
        };
        seen[name] = seen.GetValueOrDefault(name) + 1;
    }
}
