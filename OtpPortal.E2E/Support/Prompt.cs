using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace OtpPortal.E2E.Support;

/// <summary>How clients wait.</summary>
internal static class Prompt
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(7);

    /// <summary>Asks, and asks again where the portal says that it is busy, as clients do.</summary>
    public static async Task<Reply> AgainAsync(Func<Task<Reply>> askAsync)
    {
        var answer = await askAsync();
        for (var times = 1; times < 10 && answer.Status == HttpStatusCode.ServiceUnavailable; times++)
        {
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture)),
                TestContext.Current.CancellationToken);
            answer = await askAsync();
        }

        return answer;
    }

    /// <summary>The answer, which must come within five seconds and what a busy machine needs for the rest.</summary>
    public static async Task<Reply> InTime(this Task<Reply> asked)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            return await asked.WaitAsync(Longest);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"No answer came within {clock.Elapsed.TotalSeconds:0.0} s.", late);
        }
    }
}
