using System.Diagnostics;
using System.Globalization;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>How many codes are sent and verified in a second, on disk, by many at once. The command is in docs/building.md.</summary>
public sealed class OtpBenchmarks(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Callers = 32;
    private const int Each = 100;

    private readonly PortalHost portal = new();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task Sends_and_verifications_in_a_second_are_measured()
    {
        await portal.StartAsync();
        var sends = new List<double>();
        var verifications = new List<double>();
        for (var round = 0; round < 7; round++)
        {
            var people = $"round{round}";
            sends.Add(
                await PerSecondAsync(async who => Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync($"{who}@{people}.example"))));
            verifications.Add(
                await PerSecondAsync(
                    async who => Assert.IsNotType<VerifyOutcome.None>(await portal.VerifyAsync($"{who}@{people}.example", "000000"))));
        }

        // The first round warms up.
        Say($"sends a second: {Report(sends.Skip(1))}");
        Say($"verifications a second: {Report(verifications.Skip(1))}");
    }

    private static async Task<double> PerSecondAsync(Func<string, Task> work)
    {
        var begun = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await work($"caller{caller}-{i}");
            }
        })));
        return Callers * Each / begun.Elapsed.TotalSeconds;
    }

    private static string Report(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Count / 2]:N0}, from {sorted[0]:N0} to {sorted[^1]:N0}");
    }

    private void Say(FormattableString words) => output.WriteLine(words.ToString(CultureInfo.InvariantCulture));
}
