using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>
/// Whoever is no administrator gets nothing from whatever is the administrators'. The routes are those that the running portal has, so one
/// that is added later is walked too. What lives in a circuit begins with a page that is walked here, and asks again: see
/// LiveStatisticsTests.
/// </summary>
public sealed class AdminAccessTests(AdminAccessHost host) : IClassFixture<AdminAccessHost>
{
    private const string Somebody = AdminAccessHost.Somebody;

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
                var expected = path.StartsWith("/api/", StringComparison.Ordinal) ? api : pages;

                // A form without its token, or a body that is none, may be refused before it is asked who sent it.
                Assert.True(
                    answer.StatusCode == expected
                        || (method != HttpMethod.Get
                        && answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType),
                    $"{method} {path} answered {(int)answer.StatusCode} instead of {(int)expected}.");
                AssertRevealsNothing(answer, await answer.Content.ReadAsStringAsync(Cancel), expected);
            }
        }

        await host.AssertUntouchedAsync();
    }

    private static void AssertRevealsNothing(HttpResponseMessage answer, string text, HttpStatusCode expected)
    {
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
}
