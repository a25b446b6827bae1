using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace OtpPortal.E2E.Support;

/// <summary>
/// What a page's requests were answered on the wire. A browser keeps from a page what the answer's <c>Cross-Origin-Resource-Policy</c>
/// forbids it, and Playwright sees of such a request only that it failed.
/// </summary>
public sealed class Wire
{
    private readonly ConcurrentDictionary<string, (string Method, string Url)> requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> statuses = new(StringComparer.Ordinal);

    private Wire()
    {
    }

    /// <summary>The statuses of the requests with a method to addresses that begin with a text.</summary>
    public IReadOnlyList<int> Statuses(string method, string url) =>
        [.. requests.Where(request => request.Value.Method == method && request.Value.Url.StartsWith(url, StringComparison.Ordinal))
            .Select(request => statuses.GetValueOrDefault(request.Key))
            .Where(status => status != 0)];

    /// <summary>Begins to listen.</summary>
    public static async Task<Wire> OfAsync(IPage page)
    {
        var wire = new Wire();
        var session = await page.Context.NewCDPSessionAsync(page);
        session.Event("Network.requestWillBeSent").OnEvent += (_, sent) =>
        {
            var request = sent!.Value.GetProperty("request");
            wire.requests[Id(sent.Value)] = (request.GetProperty("method").GetString()!, request.GetProperty("url").GetString()!);
        };
        session.Event("Network.responseReceivedExtraInfo").OnEvent += (_, got) =>
            wire.statuses[Id(got!.Value)] = got.Value.GetProperty("statusCode").GetInt32();
        await session.SendAsync("Network.enable");
        return wire;
    }

    private static string Id(JsonElement message) => message.GetProperty("requestId").GetString()!;
}
