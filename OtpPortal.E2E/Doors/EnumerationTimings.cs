using System.Globalization;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// What a stranger's clock tells of the journeys of <see cref="EnumerationTests"/>. A measurement of half an hour, so it is a command of
/// its own: see docs/building.md.
/// </summary>
public sealed class EnumerationTimings(KnownAccounts accounts)
{
    // Beyond this a difference of means is no chance: the bound that is usual in tests of leaks (ISO/IEC 17825).
    private const double Bound = 4.5;

    // What runs for the first time takes longer for whoever is first.
    private const int WarmUp = 10;
    private const int MostPairs = 2000;
    private const int FewestPairs = 100;

    // Milliseconds; less than any request takes: there was no redirect to follow.
    private const double Nothing = 0.1;

    [Fact(Explicit = true)]
    public async Task Known_and_unknown_addresses_take_the_same_time()
    {
        var minutes = int.Parse(Environment.GetEnvironmentVariable("TIMING_MINUTES") ?? "25", CultureInfo.InvariantCulture);
        await using var portal = PublishedPortal.Prepare();
        await accounts.GiveToAsync(portal, MostPairs);
        await portal.RestartAsync();
        var steps = new Dictionary<string, (List<double> Known, List<double> Unknown)>(StringComparer.Ordinal);
        var begun = TimeProvider.System.GetTimestamp();
        var pairs = 0;
        for (; pairs < MostPairs && TimeProvider.System.GetElapsedTime(begun).TotalMinutes < minutes; pairs++)
        {
            await TakeAsync(portal, pairs, steps);
        }

        var lines = new List<(double T, string Text)>();
        var say = TestContext.Current.TestOutputHelper!;
        say.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs} pairs; milliseconds (means)"));
        foreach (var (step, (known, unknown)) in steps.Where(step => step.Value.Known.Average() > Nothing
            || step.Value.Unknown.Average() > Nothing))
        {
            var t = Welch(known, unknown);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"|t| {Math.Abs(t),5:0.00}  known {known.Average(),8:0.000}  unknown {unknown.Average(),8:0.000}  n {known.Count}  {step}");
            say.WriteLine(line);
            lines.Add((Math.Abs(t), line));
        }

        Assert.True(pairs >= FewestPairs, "These are too few pairs for a verdict: give it more minutes.");
        Assert.Empty(lines.Where(line => line.T >= Bound).Select(line => line.Text));
    }

    private static async Task TakeAsync(
        PublishedPortal portal, int pair, Dictionary<string, (List<double> Known, List<double> Unknown)> steps)
    {
        var known = new EnumerationJourney(portal, KnownAccounts.Known(pair), null);
        var unknown = new EnumerationJourney(portal, KnownAccounts.Unknown(pair), null);
        var both = pair % 2 == 0 ? known.ProgramFirst().Zip(unknown.ProgramFirst()) : known.BrowserFirst().Zip(unknown.BrowserFirst());

        // In turn and each first by turns, so that the machine's moods are the same for both.
        foreach (var (one, other) in both)
        {
            var first = pair % 4 < 2 ? await TimeAsync(one.TakeAsync) : 0;
            var second = await TimeAsync(other.TakeAsync);
            first = pair % 4 < 2 ? first : await TimeAsync(one.TakeAsync);
            if (pair >= WarmUp)
            {
                var times = steps.TryGetValue(one.Name, out var before) ? before : steps[one.Name] = ([], []);
                times.Known.Add(first);
                times.Unknown.Add(second);
            }
        }
    }

    private static async Task<double> TimeAsync(Func<Task<Reply>> takeAsync)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await takeAsync();
        return TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static double Welch(List<double> one, List<double> other) =>
        (one.Average() - other.Average()) / Math.Sqrt((Variance(one) / one.Count) + (Variance(other) / other.Count));

    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
