using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>
/// Whoever is no administrator gets nothing from whatever is the administrators'. The routes are those that the running portal has, so one
/// that is added later is walked too. What lives in a circuit begins with a page that is walked here, and asks again: see
/// LiveStatisticsTests.
/// </summary>
public sealed class AdminAccessTests(AdminAccessTests.Host host) : IClassFixture<AdminAccessTests.Host>
{
    private const string Somebody = "somebody@secret.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_sent_from_the_administration_to_the_login()
    {
        await WalkAsync(host.NewClient(), pages: HttpStatusCode.Redirect, api: HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_ordinary_person_is_refused_the_administration() =>
        await WalkAsync(
            await host.Api.Portal.BrowserOfAsync("ordinary@example.com"), pages: HttpStatusCode.Forbidden, api: HttpStatusCode.Forbidden);

    [Fact]
    public async Task A_former_administrator_who_is_still_signed_in_is_refused_the_administration() =>
        await WalkAsync(host.Former, pages: HttpStatusCode.Forbidden, api: HttpStatusCode.Forbidden);

    [Fact]
    public async Task An_administrator_whose_sessions_were_ended_is_sent_to_the_login() =>
        await WalkAsync(host.Ended, pages: HttpStatusCode.Redirect, api: HttpStatusCode.Unauthorized);

    [Fact]
    public async Task The_token_of_an_ordinary_person_opens_nothing_of_the_administration() =>
        await WalkAsync(host.Bearer(host.OrdinaryToken), pages: HttpStatusCode.Redirect, api: HttpStatusCode.Forbidden);

    [Fact]
    public async Task The_token_of_a_former_administrator_opens_nothing_of_the_administration() =>
        await WalkAsync(host.Bearer(host.FormerToken), pages: HttpStatusCode.Redirect, api: HttpStatusCode.Forbidden);

    [Fact]
    public async Task The_token_of_an_administrator_opens_the_administration_API_and_no_page() =>
        await WalkAsync(host.Bearer(host.AdminToken), pages: HttpStatusCode.Redirect, api: HttpStatusCode.OK);

    [Fact]
    public async Task An_administrator_gets_every_page_and_route_of_the_administration()
    {
        // Without this the tests above would pass on routes that answer nobody.
        var admin = await host.Api.Portal.BrowserOfAsync("admin@example.com");
        foreach (var path in Routes().Where(route => route.Method == HttpMethod.Get).Select(route => route.Path))
        {
            using var answer = await admin.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answered {(int)answer.StatusCode} to an administrator.");
        }

        var log = await admin.GetStringAsync(new Uri("/admin/activity.csv", UriKind.Relative), Cancel);
        Assert.Contains(Somebody, log, StringComparison.Ordinal);
    }

    private async Task WalkAsync(HttpClient person, HttpStatusCode pages, HttpStatusCode api)
    {
        foreach (var (method, path) in Routes())
        {
            // As different as what a browser, a script and a circuit send.
            foreach (var accept in new[] { "text/html", "application/json", "*/*" })
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Accept.ParseAdd(accept);
                if (method != HttpMethod.Get)
                {
                    request.Content = new FormUrlEncodedContent([new("_handler", "filter")]);
                }

                using var answer = await person.SendAsync(request, Cancel);
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                var expected = path.StartsWith("/api/", StringComparison.Ordinal) ? api : pages;

                // A form without its token, or a body that is none, may be refused before it is asked who sent it.
                Assert.True(
                    answer.StatusCode == expected
                        || (method != HttpMethod.Get
                        && answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType),
                    $"{method} {path} answered {(int)answer.StatusCode} instead of {(int)expected}.");
                if (expected == HttpStatusCode.Redirect && answer.StatusCode == expected)
                {
                    Assert.StartsWith("/login?returnUrl=", answer.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
                }

                if (expected != HttpStatusCode.OK)
                {
                    Assert.DoesNotContain(Somebody, text, StringComparison.Ordinal);

                    // What begins a circuit.
                    Assert.DoesNotContain("<!--Blazor:", text, StringComparison.Ordinal);
                }
            }
        }

        await host.AssertUntouchedAsync();
    }

    private List<(HttpMethod Method, string Path)> Routes()
    {
        var endpoints = host.Api.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        var routes =
            (from endpoint in endpoints
             let path = '/' + endpoint.RoutePattern.RawText!.TrimStart('/')
             where path.StartsWith("/admin", StringComparison.OrdinalIgnoreCase)
                 || path.StartsWith("/api/admin", StringComparison.OrdinalIgnoreCase)
             from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
             where method is not "HEAD"
             orderby path, method
             select (new HttpMethod(method), WithValues(path))).Distinct().ToList();
        Assert.Superset(
            new HashSet<string> { "/admin/otp", "/admin/activity", "/admin/activity.csv", "/admin/activity.json", "/api/admin/otp-stats" },
            routes.Select(route => route.Item2).ToHashSet());
        return routes;
    }

    private string WithValues(string path) =>
        System.Text.RegularExpressions.Regex.Replace(
            path, "\\{[^}]*\\}", host.SomebodysId, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>A portal in which somebody has an account, and everybody who might look at it has a session.</summary>
    public sealed class Host() : ApiFixture(("Admin:Emails", "admin@example.com, former@example.com, ended@example.com"))
    {
        public string SomebodysId { get; private set; } = "";

        public string AdminToken { get; private set; } = "";

        public string OrdinaryToken { get; private set; } = "";

        public string FormerToken { get; private set; } = "";

        public HttpClient Former { get; private set; } = null!;

        public HttpClient Ended { get; private set; } = null!;

        protected override async Task PrepareAsync()
        {
            foreach (var person in new[] { "admin@example.com", "former@example.com", "ended@example.com", "ordinary@example.com",
                Somebody })
            {
                await Api.VerifiedAsync(person);
            }

            AdminToken = (await Api.LoginAsync("admin@example.com")).Of("token");
            FormerToken = (await Api.LoginAsync("former@example.com")).Of("token");
            OrdinaryToken = (await Api.LoginAsync("ordinary@example.com")).Of("token");
            await Api.LoginAsync("ended@example.com");
            SomebodysId = await Api.Portal.ReadAsync(db => db.Users.Where(user => user.NormalizedEmail == Somebody).Select(user => user.Id)
                .SingleAsync());
            Former = await Api.Portal.BrowserOfAsync("former@example.com");
            Ended = await Api.Portal.BrowserOfAsync("ended@example.com");
            await Api.Portal.Lane.RunAsync(
                async db =>
                {
                    await db.Users.Where(user => user.NormalizedEmail == "former@example.com")
                        .ExecuteUpdateAsync(row => row.SetProperty(user => user.IsAdmin, false));
                    await db.Sessions.Where(
                        session => db.Users.Any(user => user.Id == session.UserId && user.NormalizedEmail == "ended@example.com"))
                            .ExecuteDeleteAsync();
                },
                CancellationToken.None);
        }

        /// <summary>A client that follows no redirect.</summary>
        public HttpClient NewClient() =>
            new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            {
                BaseAddress = Api.Portal.ClientOptions.BaseAddress,
            };

        public HttpClient Bearer(string token)
        {
            var client = NewClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return client;
        }

        /// <summary>Nothing that was asked for was done.</summary>
        public async Task AssertUntouchedAsync() => Assert.True(
            await Api.Portal.ReadAsync(
                db => db.Users.AnyAsync(user => user.Id == SomebodysId && user.EmailConfirmed && user.PasswordHash != null, Cancel)));
    }
}
