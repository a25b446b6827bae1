using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace OtpPortal.E2E.Support;

/// <summary>
/// Somebody on the network: a browser without JavaScript that keeps its cookies, and a program that calls the API. Requests come as a
/// reverse proxy passes them on that ends TLS.
/// </summary>
internal sealed class Visitor(HttpClient http, Uri portal)
{
    public const string PublicHost = "portal.example.com";

    /// <summary>The address that the proxy names as the client's; null or empty where there is no proxy.</summary>
    public string? Client { get; init; }

    /// <summary>The host that requests name.</summary>
    public string Host { get; init; } = PublicHost;

    /// <summary>What the client says that it is.</summary>
    public string UserAgent { get; init; } = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// <summary>The cookies that the browser holds.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>Another browser with a copy of the cookies of this one, on another network.</summary>
    public Visitor Copy(string client)
    {
        var copy = new Visitor(http, portal) { Client = client, Host = Host, UserAgent = UserAgent };
        foreach (var (name, value) in Cookies)
        {
            copy.Cookies[name] = value;
        }

        return copy;
    }

    /// <summary>Calls the API, as a program without cookies.</summary>
    public Task<Reply> PostAsync(string route, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, $"/api/auth/{route}", JsonContent.Create(body), token is null ? []
            : [("Authorization", $"Bearer {token}")]);

    /// <summary>Reads something, without cookies.</summary>
    public Task<Reply> GetAsync(string path, string? token = null, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Get, path, null, token is null ? headers : headers.Append(("Authorization", $"Bearer {token}")));

    /// <summary>Opens a page with the browser's cookies, wherever redirects lead.</summary>
    public Task<Reply> OpenAsync(string path) => BrowseAsync(HttpMethod.Get, path, null).FollowedBy(FollowAsync);

    /// <summary>Fills in the form with that button and presses it. Redirects are not followed.</summary>
    public Task<Reply> SubmitAsync(Reply page, string button, params IEnumerable<(string Label, string Value)> fields)
    {
        var form = PageForm.Find(page, button, fields);
        return BrowseAsync(HttpMethod.Post, form.Action, new FormUrlEncodedContent(form.Fields));
    }

    /// <summary>The same, wherever redirects lead.</summary>
    public Task<Reply> SubmitAndFollowAsync(Reply page, string button, params IEnumerable<(string Label, string Value)> fields) =>
        SubmitAsync(page, button, fields).FollowedBy(FollowAsync);

    /// <summary>Goes where redirects lead.</summary>
    public async Task<Reply> FollowAsync(Reply reply)
    {
        for (var hops = 0; hops < 5 && (int)reply.Status is >= 301 and <= 303 && reply.Header("Location") is { } location; hops++)
        {
            reply = await BrowseAsync(HttpMethod.Get, new Uri(new Uri($"https://{Host}"), location).PathAndQuery, null);
        }

        return reply;
    }

    /// <summary>A request of the browser: with its cookies, and its Origin where it posts.</summary>
    public async Task<Reply> BrowseAsync(HttpMethod method, string path, HttpContent? content)
    {
        var headers = new List<(string, string)> { ("Accept", "text/html") };
        if (Cookies.Count > 0)
        {
            headers.Add(("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))));
        }

        if (method != HttpMethod.Get)
        {
            headers.Add(("Origin", $"https://{Host}"));
        }

        var reply = await SendAsync(method, path, content, headers);
        foreach (var cookie in reply.SetCookies)
        {
            Keep(cookie);
        }

        return reply;
    }

    /// <summary>Any request.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content,
        params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(portal, path)) { Content = content };
        request.Headers.Host = Host;
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (!string.IsNullOrEmpty(Client))
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", Client);
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var all = response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value)));
        return new Reply(path, response.StatusCode, [.. all],
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // By hand: no container of .NET sends a Secure cookie over the plain HTTP between a proxy and the portal.
    private void Keep(string setCookie)
    {
        var parts = setCookie.Split(';', StringSplitOptions.TrimEntries);
        var (name, value) = parts[0].Split('=', 2) is [var first, var second] ? (first, second) : (parts[0], "");
        var expires = parts.FirstOrDefault(part => part.StartsWith("expires=", StringComparison.OrdinalIgnoreCase));
        if (expires is not null && DateTimeOffset.Parse(expires[8..], CultureInfo.InvariantCulture) < TimeProvider.System.GetUtcNow())
        {
            Cookies.Remove(name);
        }
        else
        {
            Cookies[name] = value;
        }
    }
}

/// <summary>Reads as it happens: an answer, then what the browser does with it.</summary>
internal static class Replies
{
    public static async Task<Reply> FollowedBy(this Task<Reply> first, Func<Reply, Task<Reply>> next) => await next(await first);

    /// <summary>The answer, which must have that status.</summary>
    public static async Task<Reply> Is(this Task<Reply> reply, HttpStatusCode expected) => (await reply).Is(expected);
}
