using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Admin;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>The headers that tell a browser what an answer may do: on pages, refusals and failures alike.</summary>
public sealed class SecurityHeadersTests : IAsyncLifetime
{
    private readonly ApiHost api = new()
    {
        Portal = new PortalHost
        {
            Configure = services =>
            {
                PortalHost.HashQuickly(services);

                // The page of the account's ways in needs the first, the API of administrators the second.
                services.AddSingleton<ReturnUrls>(_ => throw new InvalidOperationException("A fault of the portal."));
                services.AddSingleton<Statistics>(_ => throw new InvalidOperationException("A fault of the portal."));
            },
        },
    };

    private HttpClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        api.Portal.With("Admin:Emails", "admin@example.com");
        await api.InitializeAsync();
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = api.Portal.ClientOptions.BaseAddress,
        };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/nothing-here", HttpStatusCode.NotFound)]
    [InlineData("/login", HttpStatusCode.InternalServerError)]
    [InlineData("/account", HttpStatusCode.Redirect)]
    [InlineData("/api/auth/me", HttpStatusCode.Unauthorized)]
    [InlineData("/api/nothing-here", HttpStatusCode.NotFound)]
    public async Task Every_kind_of_response_has_the_security_headers(string path, HttpStatusCode expected)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(expected, answer.StatusCode);
        AssertHeaders(answer);
    }

    [Fact]
    public async Task The_response_of_a_failed_API_call_has_the_security_headers()
    {
        await api.VerifiedAsync("admin@example.com");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/otp-stats");
        request.Headers.Authorization = new("Bearer", (await api.LoginAsync("admin@example.com")).Of("token"));

        using var answer = await client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        AssertHeaders(answer);
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        Assert.Equal(
            "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:; form-action 'self'",
                Header(answer, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("camera=(), geolocation=(), microphone=()", Header(answer, "Permissions-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
