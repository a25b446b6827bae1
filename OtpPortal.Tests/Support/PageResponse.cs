using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.Tests.Support;

/// <summary>What a page answered.</summary>
public sealed partial record PageResponse(HttpStatusCode Status, string? GoesTo, string Html)
{
    /// <summary>When to try again, if it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What a person reads of it.</summary>
    public string Text => Space().Replace(WebUtility.HtmlDecode(Tag().Replace(Html, " ")), " ");

    public static async Task<PageResponse> OfAsync(HttpResponseMessage answer) => new(
        answer.StatusCode,
        answer.Headers.Location is { IsAbsoluteUri: true } absolute ? absolute.PathAndQuery : answer.Headers.Location?.OriginalString,
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
    {
        RetryAfter = answer.Headers.RetryAfter?.Delta,
    };

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
