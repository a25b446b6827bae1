using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>The pages while the database is away: 503 in time, and the form that was sent can be sent again.</summary>
public sealed class UnavailableFormTests : IAsyncLifetime
{
    private const string Ann = "ann@example.com";

    private AdminHost host = null!;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        await host.Api.VerifiedAsync(Ann);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Every_form_answers_503_within_five_seconds_while_the_database_is_locked_and_works_afterwards()
    {
        using var registering = await host.BrowserAsync(null);
        using var signingIn = await host.BrowserAsync(null);
        using var asking = await host.BrowserAsync(null);
        using var forgetting = await host.BrowserAsync(null);
        using var entering = await host.BrowserAsync(null);
        using var resetting = await host.BrowserAsync(null);
        using var leaving = await host.BrowserAsync(Ann);
        await host.Api.VerifiedAsync("bob@example.com");
        await host.Api.VerifiedAsync("eve@example.com");
        await entering.PostAsync("/login", "login", ("Input.Email", "bob@example.com"), ("Input.Way", "code"));
        await resetting.PostAsync("/forgot-password", "forgot-password", ("Input.Email", "eve@example.com"));
        var resetCode = await host.Portal.CodeForAsync("eve@example.com");
        await resetting.PostAsync("/verify", "verify", ("Code", resetCode));

        List<Form> forms =
        [
            await FormAsync(registering, "/register", "register", "/verify", ("Input.Email", "new@example.com"),
                ("Input.Password", ApiHost.Password), ("Input.FirstName", "Ann"), ("Input.LastName", "Other")),
            await FormAsync(signingIn, "/login", "login", "/account", ("Input.Email", Ann), ("Input.Password", ApiHost.Password)),
            await FormAsync(asking, "/login", "login", "/verify", ("Input.Email", Ann), ("Input.Password", ""), ("Input.Way", "code")),
            await FormAsync(forgetting, "/forgot-password", "forgot-password", "/verify", ("Input.Email", Ann)),
            await FormAsync(entering, "/verify", "verify", "/account", ("Code", await host.Portal.CodeForAsync("bob@example.com"))),
            await FormAsync(
                resetting, "/reset-password", "reset-password", "/login?reset=true", ("Input.NewPassword", "another good password")),
            await FormAsync(leaving, "/account", "sign-out", "/"),
        ];

        await using (await FileLock.TakeAsync(host.Portal.DatabasePath))
        {
            await Task.WhenAll(forms.Select(IsBusyAsync));
        }

        foreach (var form in forms)
        {
            var answer = await form.SendAsync();
            Assert.True(form.GoesTo == answer.GoesTo, $"{form.Path} goes to {answer.GoesTo} ({answer.Status}): {answer.Text}");
        }
    }

    [Fact]
    public async Task A_form_sent_while_the_database_was_away_is_offered_again_with_what_was_typed()
    {
        using var browser = await SignedInAsync();
        var fields = await browser.FieldsAsync("/login", "login");
        using var away = new AwayDatabase(host.Portal.DatabasePath);

        var answer = await browser.SendAsync(
            "/login?returnUrl=%2Faccount", fields, ("Input.Email", "\"><b>bob@example.com"), ("Input.Password", ""), ("Input.Way", "code"));

        IsBusy(answer);
        Assert.Contains("Try again", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\" action=\"/login?returnUrl=%2Faccount\">", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", answer.Html, StringComparison.Ordinal);
        var again = HtmlForms.HiddenFields(answer.Html);
        Assert.Equal(fields["__RequestVerificationToken"], again["__RequestVerificationToken"]);
        Assert.Equal(("\"><b>bob@example.com", "", "code"), (again["Input.Email"], again["Input.Password"], again["Input.Way"]));

        away.Dispose();
        again["Input.Email"] = Ann;
        Assert.Equal("/verify", (await browser.SendAsync("/login", again)).GoesTo);
    }

    [Fact]
    public async Task A_password_of_a_failed_form_is_never_repeated_and_the_page_says_to_go_back()
    {
        using var browser = await SignedInAsync();
        var fields = await browser.FieldsAsync("/login", "login");
        using var away = new AwayDatabase(host.Portal.DatabasePath);

        var answer = await browser.SendAsync("/login", fields, ("Input.Email", Ann), ("Input.Password", ApiHost.Password));

        IsBusy(answer);
        Assert.Contains("go back in your browser", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiHost.Password, answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_fails_to_load_offers_to_load_it_again()
    {
        using var browser = await SignedInAsync();
        using (new AwayDatabase(host.Portal.DatabasePath))
        {
            var answer = await browser.GetAsync("/account?a=b");
            IsBusy(answer);
            Assert.Contains("href=\"/account?a=b\"", answer.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account?a=b")).Status);
    }

    // A session is compared with its account, which a page reads, once it is older than no time at all.
    private async Task<PageBrowser> SignedInAsync()
    {
        var browser = await host.BrowserAsync(Ann);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
        return browser;
    }

    private static void IsBusy(PageResponse answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.True(answer.RetryAfter > TimeSpan.Zero);
        Assert.Contains("The portal is busy right now", answer.Text, StringComparison.Ordinal);
    }

    private static async Task IsBusyAsync(Form form)
    {
        var watch = Stopwatch.StartNew();
        IsBusy(await form.SendAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{form.Path} took {watch.Elapsed}.");
    }

    private static async Task<Form> FormAsync(
        PageBrowser browser, string path, string name, string goesTo, params (string Name, string Value)[] typed) =>
        new(browser, path, await browser.FieldsAsync(path, name), typed, goesTo);

    private sealed record Form(
        PageBrowser Browser, string Path, Dictionary<string, string> Fields, (string Name, string Value)[] Typed, string GoesTo)
    {
        public Task<PageResponse> SendAsync() => Browser.SendAsync(Path, Fields, Typed);
    }

    /// <summary>Takes the file away, until it is disposed. Connections that are open already would go on with it.</summary>
    private sealed class AwayDatabase : IDisposable
    {
        private readonly string path;
        private bool isBack;

        public AwayDatabase(string path)
        {
            this.path = path;
            File.Move(path, path + ".gone");
            SqliteConnection.ClearAllPools();
        }

        public void Dispose()
        {
            if (!isBack)
            {
                isBack = true;
                File.Move(path + ".gone", path);
            }
        }
    }
}
