using System.Net;
using System.Text.Json;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary><c>GET /api/admin/otp-stats</c>: the figures of the page, for programs of administrators.</summary>
public sealed class AdminRoutesTests(AdminRoutesTests.Host host) : IClassFixture<AdminRoutesTests.Host>
{
    private const string Path = "/api/admin/otp-stats";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiHost Api => host.Api;

    [Fact]
    public async Task An_administrator_reads_the_statistics_of_a_range()
    {
        var answer = (await Api.GetAsync($"{Path}?range=1h", host.AdminToken)).Is(HttpStatusCode.OK);

        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal("1h", answer.Of("range"));
        var total = answer.Json.GetProperty("total");
        Assert.Equal((2, 2, 2), (Number(total, "sent"), Number(total, "delivered"), Number(total, "verified")));
        Assert.Equal(100, total.GetProperty("verifiedPercent").GetDouble());
        Assert.Equal(12, answer.Json.GetProperty("bars").GetArrayLength());
        Assert.Equal(2, answer.Json.GetProperty("bars").EnumerateArray().Sum(bar => Number(bar.GetProperty("figures"), "sent")));
        Assert.Equal(["register", "login", "forgot_password"],
            answer.Json.GetProperty("byPurpose").EnumerateArray().Select(part => part.GetProperty("purpose").GetString()));
        Assert.Equal("example.com", answer.Json.GetProperty("domains")[0].GetProperty("domain").GetString());
        Assert.Equal(0, answer.Json.GetProperty("alarms").GetArrayLength());
    }

    [Fact]
    public async Task The_members_of_the_statistics_response_are_a_contract()
    {
        var answer = (await Api.GetAsync(Path, host.AdminToken)).Is(HttpStatusCode.OK);

        Assert.Equal(
            ["range", "from", "at", "activeCodes", "expiredCodes", "codes", "total", "byPurpose", "bars", "domains", "queue", "alarms"],
                Members(answer.Json));
        Assert.Equal(["purpose", "active", "expired"], Members(answer.Json.GetProperty("codes")[0]));
        Assert.Equal(["waiting", "oldestSeconds"], Members(answer.Json.GetProperty("queue")));
        Assert.Equal(["purpose", "figures"], Members(answer.Json.GetProperty("byPurpose")[0]));
        Assert.Equal(["from", "to", "figures"], Members(answer.Json.GetProperty("bars")[0]));
        Assert.Equal(
            ["domain", "sent", "delivered", "failed", "verified", "verifyMedianMs", "verifiedPercent"],
                Members(answer.Json.GetProperty("domains")[0]));
        Assert.Equal(
            [
                "sent", "delivered", "verified", "sentNowhere", "deliveryFailed", "deliveryExpired", "wrongCodes", "lateCodes", "locks",
                    "refusedByCooldown", "refusedByCap",
                "refusedByLock", "deliveryMedianMs", "delivery95Ms", "verifyMedianMs", "verify95Ms", "deliveredPercent", "verifiedPercent",
            ],
            Members(answer.Json.GetProperty("total")));
    }

    [Fact]
    public async Task The_default_range_of_the_statistics_is_a_day() =>
        Assert.Equal("24h", (await Api.GetAsync(Path, host.AdminToken)).Is(HttpStatusCode.OK).Of("range"));

    [Theory]
    [InlineData("5y")]
    [InlineData("24H")]
    [InlineData("")]
    public async Task An_unknown_range_of_the_statistics_is_refused_and_the_known_ones_are_named(string range)
    {
        var answer = (await Api.GetAsync($"{Path}?range={range}", host.AdminToken)).Is(HttpStatusCode.BadRequest);

        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("There is no such range. Allowed: 15m, 1h, 24h, 7d, 30d.",
            answer.Json.GetProperty("errors").GetProperty("range")[0].GetString());
    }

    [Fact]
    public async Task A_stranger_is_told_by_the_admin_route_to_sign_in()
    {
        var answer = (await Api.GetAsync(Path)).Is(HttpStatusCode.Unauthorized);

        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("urn:otpportal:problem:not-signed-in", answer.Of("type"));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task An_invalid_token_is_refused_by_the_admin_route() =>
        Assert.Equal(
            "urn:otpportal:problem:wrong-token", (await Api.GetAsync(Path, "nonsense")).Is(HttpStatusCode.Unauthorized).Of("type"));

    [Fact]
    public async Task An_ordinary_person_is_refused_by_the_admin_route()
    {
        var answer = (await Api.GetAsync(Path, host.OtherToken)).Is(HttpStatusCode.Forbidden);

        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("urn:otpportal:problem:not-allowed", answer.Of("type"));
        Assert.DoesNotContain("example.com", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_range_is_named_to_administrators_only() =>
        (await Api.GetAsync($"{Path}?range=5y", host.OtherToken)).Is(HttpStatusCode.Forbidden);

    [Fact]
    public async Task The_admin_route_accepts_the_browser_session_of_an_administrator()
    {
        using var admin = await SignedInAsync("admin@example.com");
        using var other = await SignedInAsync("other@example.com");

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(Path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task The_admin_route_prefers_a_token_to_the_browser_session()
    {
        using var admin = await SignedInAsync("admin@example.com");
        admin.Http.DefaultRequestHeaders.Authorization = new("Bearer", host.OtherToken);

        Assert.Equal(HttpStatusCode.Forbidden, (await admin.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task The_admin_route_does_not_take_POST() =>
        (await Api.SendAsync(HttpMethod.Post, Path, content: null, host.AdminToken)).Is(HttpStatusCode.MethodNotAllowed);

    private static IEnumerable<string> Members(JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    private static long Number(JsonElement json, string member) => json.GetProperty(member).GetInt64();

    /// <summary>A browser that signed in by the form.</summary>
    private async Task<PageBrowser> SignedInAsync(string email)
    {
        var browser = new PageBrowser(Api.Portal);
        await browser.SignInAsync(email);
        return browser;
    }

    /// <summary>A portal with an administrator and somebody else.</summary>
    public sealed class Host() : ApiFixture(("Admin:Emails", "admin@example.com"))
    {
        public string AdminToken { get; private set; } = "";

        public string OtherToken { get; private set; } = "";

        protected override async Task PrepareAsync()
        {
            await Api.VerifiedAsync("admin@example.com");
            await Api.VerifiedAsync("other@example.com");
            AdminToken = (await Api.LoginAsync("admin@example.com")).Of("token");
            OtherToken = (await Api.LoginAsync("other@example.com")).Of("token");
        }
    }
}
