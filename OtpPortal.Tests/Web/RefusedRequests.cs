using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace OtpPortal.Tests.Web;

/// <summary>Requests that the portal refuses before it does anything for them.</summary>
internal static class RefusedRequests
{
    /// <summary>The request that is refused for this reason.</summary>
    /// <param name="refused">The reason, and where there are several ways to it, which one.</param>
    /// <param name="token">An access token of somebody who is no administrator.</param>
    /// <param name="session">The same person's session as a <c>Cookie</c> header.</param>
    public static HttpRequestMessage For(string refused, string token, string session)
    {
        var form = new FormUrlEncodedContent([KeyValuePair.Create("a", "b")]);
        return refused switch
        {
            "client limit" =>
                new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
                {
                    Content = JsonContent.Create(new { email = "bob@example.com", password = "wrong" }),
                },
            "form token" => new HttpRequestMessage(HttpMethod.Post, "/login") { Content = form },
            "origin of a form" =>
                new HttpRequestMessage(HttpMethod.Post, "/login") { Content = form, Headers = { { "Origin", "https://evil.example" } } },
            "origin of the API" =>
                new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
                {
                    Content = JsonContent.Create(new { }),
                    Headers = { { "Origin", "https://evil.example" } },
                },
            "origin of a live connection" =>
                new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate") { Headers = { { "Origin", "https://evil.example" } } },
            "not allowed: no token" => new HttpRequestMessage(HttpMethod.Get, "/api/auth/me"),
            "not allowed: a stranger" => new HttpRequestMessage(HttpMethod.Get, "/api/admin/otp-stats"),
            "not allowed: no administrator" =>
                new HttpRequestMessage(HttpMethod.Get, "/api/admin/otp-stats")
                {
                    Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
                },
            _ => new HttpRequestMessage(HttpMethod.Get, "/admin/otp") { Headers = { { "Cookie", session } } },
        };
    }
}
