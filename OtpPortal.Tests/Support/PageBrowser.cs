using System.Net;

namespace OtpPortal.Tests.Support;

/// <summary>
/// A browser without JavaScript on a portal that listens on a port of this machine. It follows a redirect only when it is told to, and its
/// cookies can be copied.
/// </summary>
public sealed class PageBrowser : IDisposable
{
    public const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    /// <summary>Opens it.</summary>
    /// <param name="portal">The portal, started.</param>
    /// <param name="userAgent">What it says that it is; nothing by default.</param>
    public PageBrowser(PortalHost portal, string? userAgent = null)
    {
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        if (userAgent is not null)
        {
            Http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        }
    }

    /// <summary>The cookies that it keeps.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>For requests that are not those of a page.</summary>
    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<PageResponse> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path, Cancel);
        return await PageResponse.OfAsync(answer);
    }

    /// <summary>Opens a page and posts its form with that name.</summary>
    public async Task<PageResponse> PostAsync(string path, string form, params (string Name, string Value)[] typed) =>
        await SendAsync(path, await FieldsAsync(path, form), typed);

    /// <summary>Signs in by the form of the page.</summary>
    public async Task SignInAsync(string email)
    {
        var answer = await PostAsync("/login", "login", ("Input.Email", email), ("Input.Password", ApiHost.Password));
        Assert.Equal((HttpStatusCode.Redirect, "/account"), (answer.Status, answer.GoesTo));
    }

    /// <summary>The hidden fields of a form on a page.</summary>
    public async Task<Dictionary<string, string>> FieldsAsync(string path, string form)
    {
        var page = await GetAsync(path);
        return HtmlForms.Find(page.Html, form)
            ?? throw new InvalidOperationException($"{path} ({page.Status}) has no form {form}: {page.Text}");
    }

    /// <summary>Posts fields, whatever page they are from.</summary>
    public async Task<PageResponse> SendAsync(string path, Dictionary<string, string> fields, params (string Name, string Value)[] typed)
    {
        using var body = new FormUrlEncodedContent(fields.Concat(typed.Select(one => KeyValuePair.Create(one.Name, one.Value))));
        using var answer = await Http.PostAsync(path, body, Cancel);
        return await PageResponse.OfAsync(answer);
    }

    /// <summary>Another browser with the cookies that this one has now.</summary>
    public HttpClient Copy()
    {
        var copy = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Http.BaseAddress,
        };
        copy.DefaultRequestHeaders.Add("Cookie", Cookies.GetCookieHeader(Http.BaseAddress!));
        return copy;
    }

    public void Dispose() => Http.Dispose();
}
