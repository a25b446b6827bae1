using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.Tests.Support;

/// <summary>A browser without JavaScript whose cookies can be copied.</summary>
internal sealed partial class PageBrowser : IDisposable
{
    private readonly CookieContainer cookies = new();
    private readonly HttpClient http;

    public PageBrowser(PortalHost portal)
    {
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    /// <summary>Opens a page and posts a form of it.</summary>
    /// <returns>Where the answer leads.</returns>
    public async Task<string?> PostAsync(string path, string form, params (string Name, string Value)[] typed)
    {
        var page = await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        (string Name, string Value)[] fields = [
            ("_handler", form), ("__RequestVerificationToken", FormToken().Match(page).Groups["token"].Value), .. typed];
        using var body = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        return answer.Headers.Location is { IsAbsoluteUri: true } absolute
            ? absolute.PathAndQuery
            : answer.Headers.Location?.OriginalString;
    }

    /// <summary>Another browser with the cookies that this one has now.</summary>
    public HttpClient Copy()
    {
        var copy = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = http.BaseAddress,
        };
        copy.DefaultRequestHeaders.Add("Cookie", cookies.GetCookieHeader(http.BaseAddress!));
        return copy;
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FormToken();
}
