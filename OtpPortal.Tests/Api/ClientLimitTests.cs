using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>One client address asks for ten codes and tries thirty in a minute, over all routes together.</summary>
public sealed class ClientLimitTests : IAsyncLifetime
{
    private ApiHost api = null!;

    public async ValueTask InitializeAsync() => api = await ApiHost.StartAsync(("RateLimits:Enabled", "true"));

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task The_eleventh_request_of_a_client_for_a_code_is_refused_on_every_route()
    {
        (string Route, Func<string, object> Body)[] requests =
        [
            ("register", email => new { email, password = ApiHost.Password }),
            ("send-email-otp", email => new { email, purpose = "login" }),
            ("login", email => new { email }),
            ("forgot-password/send-otp", email => new { email }),
        ];
        for (var i = 0; i < 10; i++)
        {
            var (route, body) = requests[i % requests.Length];
            (await api.PostAsync(route, body($"ask{i}@example.com"))).Is(HttpStatusCode.Accepted);
        }

        foreach (var (route, body) in requests)
        {
            IsRefused(await api.PostAsync(route, body("last@example.com")));
        }

        // Who was refused is sent nothing, and who tries a code is not in their way.
        Assert.Equal(0, await api.MessagesToAsync("last@example.com"));
        (await api.PostAsync("verify-email-otp",
            new { email = "ask0@example.com", otp = await api.Portal.CodeForAsync("ask0@example.com") })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_thirty_first_attempt_of_a_client_is_refused_on_every_route()
    {
        (string Route, object Body)[] tries =
        [
            ("verify-email-otp", new { email = "ann@example.com", otp = "123456" }),
            ("login", new { email = "ann@example.com", otp = "123456" }),
            ("login", new { email = "ann@example.com", password = "some password" }),
            ("forgot-password/verify-otp", new { email = "ann@example.com", otp = "123456" }),
            ("forgot-password/reset", new { email = "ann@example.com", resetToken = "x", newPassword = ApiHost.Password }),
            ("refresh", new { refreshToken = "x" }),
        ];
        for (var i = 0; i < 30; i++)
        {
            (await api.PostAsync(tries[i % tries.Length].Route, tries[i % tries.Length].Body)).Is(HttpStatusCode.Unauthorized);
        }

        foreach (var (route, body) in tries)
        {
            IsRefused(await api.PostAsync(route, body));
        }

        (await api.PostAsync("register", new { email = "ann@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
    }

    private static void IsRefused(ApiResponse answer)
    {
        answer.Is(HttpStatusCode.TooManyRequests);
        answer.IsTooMany("client-limit", answer.Number("cooldownSeconds"));
        Assert.InRange(answer.Number("cooldownSeconds"), 1, 60);
    }
}
