using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>What a page's requests were answered on the wire, also where the browser keeps the answer from the page (Cross-Origin-Resource-Policy).</summary>
public sealed class NetworkWatch
{
    private readonly ConcurrentDictionary<string, (string Method, string Url)> requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> answers = new(StringComparer.Ordinal);

    private NetworkWatch()
    {
    }

    /// <summary>Watches a page from now on.</summary>
    public static async Task<NetworkWatch> OfAsync(IPage page)
    {
        var watch = new NetworkWatch();
        var session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Network.requestWillBeSent").OnEvent += (_, told) =>
        {
            var request = told!.Value.GetProperty("request");
            watch.requests[told.Value.GetProperty("requestId").GetString()!] = (request.GetProperty("method").GetString()!, request.GetProperty("url").GetString()!);
        };
        session.Event("Network.responseReceivedExtraInfo").OnEvent += (_, told) =>
            watch.answers[told!.Value.GetProperty("requestId").GetString()!] = told.Value.GetProperty("statusCode").GetInt32();
        await session.SendAsync("Network.enable");
        return watch;
    }

    /// <summary>The statuses of the answers to some requests, once there are as many.</summary>
    public async Task<IReadOnlyList<int>> AnswersAsync(string method, string beginning, int count)
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            var found = requests.Where(request => request.Value.Method == method && request.Value.Url.StartsWith(beginning, StringComparison.Ordinal) && answers.ContainsKey(request.Key))
                .Select(request => answers[request.Key]).ToList();
            if (found.Count >= count)
            {
                Assert.Equal(count, found.Count);
                return found;
            }

            await Task.Delay(50, late.Token);
        }
    }
}
