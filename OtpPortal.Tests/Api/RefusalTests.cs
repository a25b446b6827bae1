using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>
/// No refusal is described that cannot be had. That none is given which is not described, <see cref="ConformanceHandler"/> sees to
/// in every test.
/// </summary>
public sealed class RefusalTests
{
    private const string Ann = "ann@example.com";
    private readonly HashSet<string> met = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_described_kind_of_refusal_occurs()
    {
        await using var usual = await StartAsync();
        await UnreadableAsync(usual);
        await TokensAsync(usual);
        await CodesAsync(usual);
        await using var locked = await StartAsync(("Otp:FailureBudget", "1"));
        await LockedAsync(locked);
        await using var texting = await StartAsync(("Twilio:From", "+15005550006"), ("Twilio:Countries", "GB"));
        await HeldAsync(texting);
        await using var revealing = await StartAsync(("Otp:RevealUnknownAccounts", "true"));
        await RevealedAsync(revealing);
        await using var limited = await StartAsync(("RateLimits:Enabled", "true"), ("RateLimits:SendsPerMinute", "1"));
        await MeetAsync(limited, 202, "send-email-otp", new { email = Ann });
        await MeetAsync(limited, 429, "send-email-otp", new { email = "bob@example.com" });

        // It has nothing more to do: its writes are refused as those of a portal that is stopping.
        await locked.Portal.Lane.DisposeAsync();
        await MeetAsync(locked, 503, "send-email-otp", new { email = "bob@example.com" });

        var described = usual.Description.Document["components"]!["schemas"]!.AsObject()
            .Select(schema => schema.Value!["properties"]?["type"]?["enum"]?[0]!.GetValue<string>())
            .OfType<string>()
            .Distinct();
        Assert.Equal(described.Where(type => type != "about:blank").Order(), met.Order());
    }

    private async Task UnreadableAsync(ApiHost api)
    {
        await MeetAsync(api, 400, "register", new { email = "no address" });
        await MeetAsync(api, 400, "register", new { emial = Ann });
        Meet(await api.SendAsync(HttpMethod.Post, "/api/auth/login", new StringContent("{", Encoding.UTF8, "application/json")), 400);
        Meet(await api.SendAsync(HttpMethod.Post, "/api/auth/login", new StringContent("email=ann", Encoding.UTF8, "text/plain")), 415);
        await MeetAsync(api, 413, "login", new { email = new string('x', 20_000) });
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/auth/logout");
        foreign.Headers.Add("Origin", "https://elsewhere.example.net");
        Meet(await api.SendAsync(foreign), 403);
    }

    private async Task TokensAsync(ApiHost api)
    {
        Meet(await api.GetAsync("/api/auth/me"), 401);
        Meet(await api.GetAsync("/api/auth/me", "no.token.ofours"), 401);
        Meet(await api.GetAsync("/api/auth/check"), 401);
        await MeetAsync(api, 401, "refresh", new { refreshToken = "none" });
        await MeetAsync(api, 401, "forgot-password/reset", new { email = Ann, resetToken = "none", newPassword = ApiHost.Password });
    }

    private async Task CodesAsync(ApiHost api)
    {
        var register = new { email = Ann, password = ApiHost.Password };
        await MeetAsync(api, 401, "verify-email-otp", new { email = Ann, otp = "000000" });
        await MeetAsync(api, 202, "register", register);
        await MeetAsync(api, 403, "login", register);
        await MeetAsync(api, 429, "send-email-otp", new { email = Ann });
        var first = await api.Portal.CodeForAsync(Ann);
        api.Portal.Clock!.Advance(TimeSpan.FromMinutes(2));
        await MeetAsync(api, 202, "send-email-otp", new { email = Ann });
        var second = await api.Portal.CodeForAsync(Ann);
        await MeetAsync(api, 401, "verify-email-otp", new { email = Ann, otp = first });
        await MeetAsync(api, 401, "verify-email-otp", new { email = Ann, otp = PortalHost.Not(second) });
        await MeetAsync(api, 200, "verify-email-otp", new { email = Ann, otp = second });
        await MeetAsync(api, 401, "login", new { email = Ann, password = "another one" });
        var token = (await api.LoginAsync(Ann)).Of("token");
        Meet(await api.GetAsync("/api/auth/check", token), 200);
        Meet(await api.GetAsync("/api/admin/otp-stats", token), 403);
        for (var i = 0; i < 6; i++)
        {
            await MeetAsync(api, 202, "login", new { email = Ann });
            api.Portal.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        await MeetAsync(api, 429, "login", new { email = Ann });
    }

    private async Task LockedAsync(ApiHost api)
    {
        await MeetAsync(api, 202, "forgot-password/send-otp", new { email = Ann });
        await MeetAsync(api, 429, "forgot-password/verify-otp", new { email = Ann, otp = "000000" });
    }

    /// <summary>A number that one account has proven, and another one names.</summary>
    private async Task HeldAsync(ApiHost api)
    {
        const string mobile = "+447700900123";
        foreach (var (email, status) in new[] { (Ann, 200), ("bob@example.com", 409) })
        {
            await MeetAsync(api, 202, "register", new { email, password = ApiHost.Password, mobile });
            await MeetAsync(api, 200, "verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) });
            var token = (await api.LoginAsync(email)).Of("token");
            Meet(await api.PostAsync("send-email-otp", new { mobile }, token), 202);
            Meet(await api.PostAsync("verify-email-otp", new { mobile, otp = await api.Portal.CodeForAsync(mobile) }, token), status);
            api.Portal.Clock!.Advance(TimeSpan.FromMinutes(2));
        }
    }

    private async Task RevealedAsync(ApiHost api)
    {
        await MeetAsync(api, 404, "login", new { email = Ann });
        await api.VerifiedAsync(Ann);
        await MeetAsync(api, 409, "register", new { email = Ann, password = ApiHost.Password });
    }

    private async Task MeetAsync(ApiHost api, int status, string path, object body) => Meet(await api.PostAsync(path, body), status);

    private void Meet(ApiResponse answer, int status)
    {
        answer.Is((HttpStatusCode)status);
        if (status >= 400)
        {
            met.Add(JsonNode.Parse(answer.Text)!["type"]!.GetValue<string>());
        }
    }

    private static async Task<ApiHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new ApiHost();
        foreach (var (key, value) in settings)
        {
            host.Portal.With(key, value);
        }

        await host.InitializeAsync();
        return host;
    }
}
