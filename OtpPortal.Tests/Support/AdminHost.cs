using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Data;

namespace OtpPortal.Tests.Support;

/// <summary>A portal that listens on a port of this machine, with an administrator, and browsers that sign in by its forms.</summary>
public sealed class AdminHost : IAsyncDisposable
{
    public const string Administrator = "admin@example.com";

    private AdminHost(ApiHost api) => Api = api;

    public ApiHost Api { get; }

    public PortalHost Portal => Api.Portal;

    public People People => Portal.Services.GetRequiredService<People>();

    public PeopleActions Actions => Portal.Services.GetRequiredService<PeopleActions>();

    public Administrators Administrators => Portal.Services.GetRequiredService<Administrators>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    public static async Task<AdminHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new AdminHost(await ApiHost.StartAsync([("Admin:Emails", Administrator), .. settings]));
        await host.Api.VerifiedAsync(Administrator);

        // With the sign-in comes the role.
        await host.Api.LoginAsync(Administrator);
        return host;
    }

    /// <summary>Registers somebody who does not enter the code.</summary>
    public async Task RegisteredAsync(string email) =>
        (await Api.PostAsync("register", new { email, password = ApiHost.Password, firstName = "Bob", lastName = "Okafor" })).Is(
            HttpStatusCode.Accepted);

    public Task<PortalUser?> AccountAsync(string email) =>
        Portal.ReadAsync(db => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email, Cancel));

    public async Task<string> IdAsync(string email) =>
        (await AccountAsync(email))?.Id ?? throw new InvalidOperationException($"{email} has no account.");

    /// <summary>What was noted of an address, oldest first.</summary>
    public Task<List<ActivityEvent>> NotedAsync(string email) =>
        Portal.ReadAsync(db => db.Activity.AsNoTracking().Where(noted => noted.Address == email).OrderBy(noted => noted.Id)
            .ToListAsync(Cancel));

    /// <summary>Spends the failure budget of an address: of a purpose's codes, or of passwords.</summary>
    public Task LockAsync(string address, string? purpose)
    {
        var at = Portal.Clock!.GetUtcNow().ToUnixTimeMilliseconds();
        return Portal.Lane.RunAsync(
            db => purpose is null
                ? db.QueryAsync("INSERT INTO PasswordFailures (Email, Failures, LastFailureAt) VALUES (@email, 100, @at) RETURNING Email",
                    row => row.GetString(0), ("email", address), ("at", at))
                : db.QueryAsync(
                    "UPDATE OtpCodes SET Failures = 100, LastFailureAt = @at, PurgeAfter = @at + 86400000 WHERE Email = @email AND "
                        + "Purpose = @purpose RETURNING Email", row => row.GetString(0), ("email", address), ("at", at),
                            ("purpose", purpose)),
            Cancel);
    }

    /// <summary>A browser of somebody who signed in; of a stranger, if nobody is named.</summary>
    public async Task<AdminBrowser> BrowserAsync(string? email)
    {
        var browser = new AdminBrowser(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Portal.ClientOptions.BaseAddress });
        if (email is not null)
        {
            var answer = await browser.PostAsync("/login", "login", ("Input.Email", email), ("Input.Password", ApiHost.Password));
            Assert.Equal("/account", answer.GoesTo);
        }

        return browser;
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}

/// <summary>A browser without JavaScript, which follows a redirect only when it is told to.</summary>
public sealed partial class AdminBrowser(HttpClient http) : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<PageResponse> GetAsync(string path)
    {
        using var answer = await http.GetAsync(path, Cancel);
        return await PageResponse.OfAsync(answer);
    }

    /// <summary>Opens a page and posts its form with that name.</summary>
    public async Task<PageResponse> PostAsync(string path, string form, params (string Name, string Value)[] typed) =>
        await SendAsync(path, await FieldsAsync(path, form), typed);

    /// <summary>The hidden fields of a form on a page.</summary>
    public async Task<Dictionary<string, string>> FieldsAsync(string path, string form)
    {
        var page = await GetAsync(path);
        return Form().Matches(page.Html)
            .Select(one => HiddenFields(one.Value))
            .FirstOrDefault(fields => fields.GetValueOrDefault("_handler") == form)
            ?? throw new InvalidOperationException($"{path} ({page.Status}) has no form {form}: {page.Text}");
    }

    /// <summary>The hidden fields in a piece of HTML.</summary>
    public static Dictionary<string, string> HiddenFields(string html) =>
        Hidden().Matches(html)
            .ToDictionary(field => WebUtility.HtmlDecode(field.Groups["name"].Value),
                field => WebUtility.HtmlDecode(field.Groups["value"].Value), StringComparer.Ordinal);

    /// <summary>Posts fields, whatever page they are from.</summary>
    public async Task<PageResponse> SendAsync(string path, Dictionary<string, string> fields, params (string Name, string Value)[] typed)
    {
        using var body = new FormUrlEncodedContent(fields.Concat(typed.Select(one => KeyValuePair.Create(one.Name, one.Value))));
        using var answer = await http.PostAsync(path, body, Cancel);
        return await PageResponse.OfAsync(answer);
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();
}

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
