using System.Net;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;

namespace OtpPortal.E2E.Support;

/// <summary>Somebody with a browser of their own, and the pages as they see them.</summary>
public sealed class Person : IAsyncDisposable
{
    private readonly IBrowserContext context;

    private Person(PortalServer server, IBrowserContext context, IPage page)
    {
        Server = server;
        this.context = context;
        Page = page;
    }

    public PortalServer Server { get; }

    public IPage Page { get; }

    public RegisterPage Register => new(Page);

    public LoginPage Login => new(Page);

    public VerifyPage Verify => new(Page);

    public ResetPages Reset => new(Page);

    public AccountPage Account => new(Page);

    public InboxPage Inbox => new(Page);

    public StatisticsPage Statistics => new(Page);

    public ActivityPage Activity => new(Page);

    public PeoplePages People => new(Page);

    /// <summary>Opens a browser without cookies.</summary>
    public static async Task<Person> AtAsync(
        PortalServer server, BrowserFixture browsers, BrowserCapabilities with = BrowserCapabilities.Everything,
            ColorScheme theme = ColorScheme.Light, string? zone = null)
    {
        var fresh = await browsers.Browser.NewContextAsync(new()
        {
            BaseURL = server.Address.ToString(),
            JavaScriptEnabled = with != BrowserCapabilities.NoJavaScript,
            ColorScheme = theme,
            Locale = "en-GB",
            TimezoneId = zone,
        });
        fresh.SetDefaultTimeout(Timeouts.Milliseconds);
        if (with == BrowserCapabilities.NoWebSocket)
        {
            // Neither a WebSocket nor what Blazor falls back to gets through, as behind some company proxies.
            await fresh.RouteAsync("**/_blazor/**", route => route.AbortAsync());
            await fresh.RouteAsync("**/_blazor?**", route => route.AbortAsync());
            await fresh.RouteWebSocketAsync("**/_blazor**", socket => _ = socket.CloseAsync());
        }

        return new Person(server, fresh, await fresh.NewPageAsync());
    }

    /// <summary>
    /// Registers, and enters the code: signed in afterwards. Only the forms are sent, which takes a tenth of the time; the journey through
    /// the pages has tests of its own.
    /// </summary>
    public async Task JoinAsync(string email, string password = "three small words")
    {
        await SendFormAsync("/register", "Create account",
            ("Email", email), ("Password", password), ("First name", "Ann"), ("Last name", "Ellis"));
        await SendFormAsync("/verify", "Verify", ("Code", await Server.CodeForAsync(email)));
        await Page.GotoAsync("/account");
        await Assertions.Expect(Account.SignedIn).ToBeVisibleAsync();
    }

    /// <summary>Signs in with a password. Only the form is sent.</summary>
    public async Task SignInAsync(string email, string password = "three small words")
    {
        await SendFormAsync("/login", "Sign in", ("Email", email), ("Password", password));
        await Page.GotoAsync("/account");
        await Assertions.Expect(Account.SignedIn).ToBeVisibleAsync();
    }

    /// <summary>A second window of the same browser.</summary>
    public async Task<Person> SecondWindowAsync() => new(Server, context, await context.NewPageAsync());

    /// <summary>Cuts the network, or mends it.</summary>
    public Task SetOfflineAsync(bool offline) => context.SetOfflineAsync(offline);

    // With the browser's cookies, but nothing is drawn.
    private async Task SendFormAsync(string path, string button, params (string Label, string Value)[] typed)
    {
        var opened = await context.APIRequest.GetAsync(path);
        var page = new Reply(path, (HttpStatusCode)opened.Status, [], await opened.TextAsync());
        var form = PageForm.Find(page, button, typed);
        var data = context.APIRequest.CreateFormData();
        foreach (var (name, value) in form.Fields)
        {
            data.Set(name, value);
        }

        var answer = await context.APIRequest.PostAsync(form.Action, new() { Form = data });
        Assert.True(answer.Ok, $"{form.Action} answered {answer.Status}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed && !Page.IsClosed)
        {
            await Page.ScreenshotAsync(
                new() { Path = Path.Combine(Repository.Artifacts, $"{TestContext.Current.Test?.TestDisplayName}.png"), FullPage = true });
        }

        await context.DisposeAsync();
    }
}

/// <summary>What a browser has.</summary>
public enum BrowserCapabilities
{
    Everything,
    NoJavaScript,
    NoWebSocket,
}
