using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>
/// The cookies that pass nginx to an application, with the configuration that stands in <c>docs/forward-auth.md</c>: the portal's session
/// is taken out.
/// </summary>
public sealed class ForwardAuthCookieTests(SharedApplicationSite shared) : IClassFixture<SharedApplicationSite>
{
    [Theory]

    // One session, which is taken out wherever it stands and however it is written.
    [InlineData("portal_session_shared=S", null)]
    [InlineData("portal_session_shared=S; a=1; b=2", "a=1; b=2")]
    [InlineData("a=1; portal_session_shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; b=2; portal_session_shared=S", "a=1; b=2")]
    [InlineData("a=1; __Secure-portal_session_shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __Host-portal_session=S; b=2", "a=1; b=2")]
    [InlineData("a=1; portal_session=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __secure-PORTAL_Session_Shared=S; b=2", "a=1; b=2")]
    [InlineData("a=1; __Secure-portal_session_sharedC1=S; b=2", "a=1; b=2")]
    [InlineData("a=1;portal_session_shared=S;b=2", "a=1;b=2")]
    [InlineData("a=1;    portal_session_shared   =  S  ;   b=2", "a=1;    b=2")]
    [InlineData("a=1;\tportal_session_shared\t=S;\tb=2", "a=1;\tb=2")]
    [InlineData("a=1; portal_session_shared=\"S\"; b=2", "a=1; b=2")]
    [InlineData("a=\"1; portal_session_shared=S\"; b=2", "a=\"1; b=2")]
    [InlineData("a=1,portal_session_shared=S; b=2", "a=1,b=2")]
    [InlineData("a=1; portal_session_shared; b=2", "a=1; b=2")]
    [InlineData(";; portal_session_shared=S;; b=2", ";; ; b=2")]
    [InlineData("a=1 |portal_session_shared=S|b=2", "a=1; b=2")]

    // Cookies that only look like it are the application's.
    [InlineData(
        "my_portal_session=S; portal_sessions=S; portal_session_mine=S", "my_portal_session=S; portal_sessions=S; portal_session_mine=S")]
    [InlineData("__Secure-my_portal_session_shared=S; portal_session_sharedCx=S; xportal_session_shared=S",
        "__Secure-my_portal_session_shared=S; portal_session_sharedCx=S; xportal_session_shared=S")]
    [InlineData("a=portal_session_shared=S; b=2", "a=portal_session_shared=S; b=2")]
    [InlineData("a=1; b=2", "a=1; b=2")]
    [InlineData("", null)]
    public async Task The_application_gets_every_cookie_but_the_portals_session(string cookies, string? expected)
    {
        var site = shared.Site;
        using var response = await SendAsync(site, cookies);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected,
            (await response.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!.Header("Cookie")?.TrimEnd(' ', ';'));
    }

    [Theory]
    [InlineData("portal_session_shared=S; portal_session_shared=T")]
    [InlineData("portal_session_shared=S|portal_session_shared=T")]
    [InlineData("a=1|b=2; portal_session_shared=S|c=3; portal_session_shared=T; d=4")]
    [InlineData("a=1; portal_session_shared=S; b=2; portal_session_shared=T; c=3")]
    [InlineData("portal_session_shared=S;portal_session_shared=T")]
    [InlineData("portal_session_shared=S;  portal_session_shared  =T")]
    [InlineData("portal_session_shared=S; PORTAL_SESSION_SHARED=T")]
    [InlineData("portal_session_shared=S; __Secure-portal_session_shared=T")]
    [InlineData("__Secure-portal_session_shared=S; __secure-portal_session_shared=T")]
    [InlineData("portal_session=S; portal_session_shared=T")]
    [InlineData("portal_session_shared=\"S\"; portal_session_shared=\"T\"")]
    [InlineData("portal_session_shared=; portal_session_shared=T")]
    [InlineData("portal_session_shared; portal_session_shared=T")]
    [InlineData("portal_session_shared=S; portal_session_sharedC1=T; portal_session_sharedC2=U")]
    [InlineData("portal_session_shared=S,portal_session_shared=T")]
    [InlineData("portal_session_shared=S; a=1; portal_session_shared=T; b=2; portal_session_shared=U")]
    public async Task A_request_with_two_sessions_reaches_no_application(string cookies)
    {
        var site = shared.Site;
        var before = site.Application.Requests.Count;
        using var response = await SendAsync(site, cookies);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, site.Application.Requests.Count);
    }

    /// <summary>
    /// Asks for the application with the token of Ann and these cookies; | begins another line of the header. Sent as bytes, because no
    /// client library would.
    /// </summary>
    private static async Task<HttpResponseMessage> SendAsync(ApplicationSite site, string cookies)
    {
        await using var stream = await site.Nginx.ConnectAsync(TestContext.Current.CancellationToken);
        var lines = string.Concat(cookies.Split('|').Where(line => line.Length > 0).Select(line => $"Cookie: {line}\r\n"));
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"GET / HTTP/1.1\r\nHost: app.example.com:{site.Nginx.Tls}\r\nAuthorization: Bearer "
                    + $"{await site.TokenAsync()}\r\n{lines}Connection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

        // The application answers in chunks.
        var json = body.Contains('{', StringComparison.Ordinal)
            ? body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)]
            : body;
        return new HttpResponseMessage((HttpStatusCode)int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
    }
}
