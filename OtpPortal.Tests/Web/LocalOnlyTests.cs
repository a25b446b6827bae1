using System.Net;
using Microsoft.AspNetCore.Http;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>What is there in Development alone is for the machine that it runs on.</summary>
public sealed class LocalOnlyTests
{
    private static readonly string[] Paths = ["/dev/inbox", "/dev/inbox/messages", "/swagger", "/swagger/index.html",
        "/swagger/swagger-ui-bundle.js", "/SWAGGER/index.html", "/Dev/Inbox"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:5080")]
    [InlineData("portal.localhost:5080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.1:80")]
    [InlineData("[::1]:5080")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task The_inbox_and_Swagger_answer_this_machine_by_its_own_names(string host, params string[] forwardedFor)
    {
        await using var portal = await StartAsync();
        using var http = NewClient(portal, host, forwardedFor);

        foreach (var path in Paths)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.MovedPermanently or HttpStatusCode.Redirect,
                $"{path} answered {answer.StatusCode}.");
        }

        await AssertLoginIsShownAsync(http);
    }

    [Theory]
    [InlineData("portal.example.com")]
    [InlineData("localhost.example.com")]
    [InlineData("notlocalhost")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("192.168.1.7:5080")]
    [InlineData("localhost", "203.0.113.7")]
    public async Task The_inbox_and_Swagger_refuse_other_machines_and_names(string host, params string[] forwardedFor)
    {
        await using var portal = await StartAsync();
        using var http = NewClient(portal, host, forwardedFor);

        foreach (var path in Paths)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, answer.StatusCode));
            Assert.Contains("Development:AllowRemote=true", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        }

        await AssertLoginIsShownAsync(http);
    }

    [Fact]
    public async Task The_setting_named_by_the_refusal_opens_inbox_and_Swagger()
    {
        await using var portal = new PortalHost().With("ReverseProxy:KnownProxies", "127.0.0.1").With("Development:AllowRemote", "true");
        portal.UseKestrel(0);
        await portal.StartAsync();
        using var http = Peer.From("127.0.0.1", portal.ClientOptions.BaseAddress);
        http.DefaultRequestHeaders.Host = "my-codespace.example.com";
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        foreach (var path in new[] { "/dev/inbox", "/dev/inbox/messages", "/swagger/index.html" })
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task No_setting_opens_inbox_and_Swagger_outside_Development()
    {
        await using var portal = new PortalHost { Environment = "Production" }.With("Development:AllowRemote", "true");
        portal.UseKestrel(0);
        await portal.StartAsync();
        using var http = Peer.From("127.0.0.1", portal.ClientOptions.BaseAddress);

        foreach (var path in Paths)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("172.17.0.1", false)]
    [InlineData("::ffff:172.17.0.1", false)]
    [InlineData("fe80::1", false)]
    public void A_peer_is_local_only_by_a_loopback_address(string peer, bool expected) =>
        Assert.Equal(expected, LocalOnly.IsLocal(ContextOf(IPAddress.Parse(peer))));

    [Fact]
    public void A_peer_without_an_address_is_not_local() => Assert.False(LocalOnly.IsLocal(ContextOf(null)));

    private static DefaultHttpContext ContextOf(IPAddress? peer)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = peer } };
        context.Request.Host = new HostString("localhost:5080");
        return context;
    }

    private static async Task<PortalHost> StartAsync()
    {
        var portal = new PortalHost().With("ReverseProxy:KnownProxies", "127.0.0.1");
        portal.UseKestrel(0);
        await portal.StartAsync();
        return portal;
    }

    private static HttpClient NewClient(PortalHost portal, string host, string[] forwardedFor)
    {
        var http = Peer.From("127.0.0.1", portal.ClientOptions.BaseAddress);
        http.DefaultRequestHeaders.Host = host;
        foreach (var client in forwardedFor)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-For", client);
        }

        return http;
    }

    /// <summary>The rest of the portal is for everybody.</summary>
    private static async Task AssertLoginIsShownAsync(HttpClient http)
    {
        using var login = await http.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
    }
}
