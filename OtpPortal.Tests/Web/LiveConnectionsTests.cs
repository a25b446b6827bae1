using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>The live part of the pages, over real WebSockets.</summary>
public sealed class LiveConnectionsTests : IAsyncLifetime
{
    private const string One = "127.0.0.2";
    private const string Another = "127.0.0.3";

    private readonly PortalHost portal = new() { Clock = null };
    private readonly List<ClientWebSocket> sockets = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Server => portal.ClientOptions.BaseAddress;

    private LiveConnections Live => portal.Services.GetRequiredService<LiveConnections>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task A_client_has_a_limit_of_live_connections_and_gets_its_place_back_when_one_ends()
    {
        await StartAsync(("RateLimits:ConnectionsPerClient", "3"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await OpenAsync(One));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await OpenAsync(One));
        Assert.Null(await OpenAsync(Another));

        // Abandoned without a word, as by a phone that went away.
        sockets[0].Abort();
        await UntilAsync(open: 3);
        Assert.Null(await OpenAsync(One));
        Assert.Equal(HttpStatusCode.TooManyRequests, await OpenAsync(One));

        sockets.ForEach(socket => socket.Abort());
        await UntilAsync(open: 0);
        Assert.Equal(0, Live.Clients);
    }

    [Fact]
    public async Task All_clients_together_have_a_limit_of_live_connections()
    {
        await StartAsync(("RateLimits:Connections", "2"));
        Assert.Null(await OpenAsync(One));
        Assert.Null(await OpenAsync(Another));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await OpenAsync("127.0.0.4"));
    }

    [Fact]
    public async Task A_refused_live_connection_says_when_to_retry_and_leaves_the_page_usable()
    {
        await StartAsync(("RateLimits:ConnectionsPerClient", "1"));
        Assert.Null(await OpenAsync(One));
        using var client = Peer.From(One, Server);

        using var refused = await client.GetAsync(new Uri("/_blazor?id=anything", UriKind.Relative), Cancel);
        using var page = await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Live_connections_that_are_negotiated_and_never_opened_are_limited_too()
    {
        await StartAsync(("RateLimits:ConnectionsPerClient", "2"));
        using var client = Peer.From(One, Server);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(client, origin: null));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await NegotiateAsync(client, origin: null));
        using var another = Peer.From(Another, Server);
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(another, origin: null));
    }

    [Fact]
    public async Task Live_connections_are_unlimited_where_client_limits_are_disabled()
    {
        await StartAsync(("RateLimits:Enabled", "false"), ("RateLimits:ConnectionsPerClient", "1"), ("RateLimits:Connections", "1"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await OpenAsync(One));
        }

        Assert.Equal(5, Live.Open);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    public async Task The_live_part_of_a_page_refuses_other_origins(string origin)
    {
        await StartAsync();
        using var client = Peer.From(One, Server);

        Assert.Equal(HttpStatusCode.Forbidden, await NegotiateAsync(client, origin));
        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(One, origin));
    }

    [Theory]
    [InlineData("http://#")]
    [InlineData("https://#")]
    [InlineData(null)]
    public async Task The_live_part_of_a_page_accepts_its_own_origin_and_none(string? origin)
    {
        await StartAsync();
        origin = origin?.Replace("#", Server.Authority, StringComparison.Ordinal);
        using var client = Peer.From(One, Server);

        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(client, origin));
        Assert.Null(await OpenAsync(One, origin));
    }

    [Fact]
    public async Task Disconnected_circuits_are_few_and_short_lived()
    {
        await StartAsync();
        var circuits = portal.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;

        Assert.InRange(circuits.DisconnectedCircuitRetentionPeriod, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
        Assert.InRange(circuits.DisconnectedCircuitMaxRetained, 1, 50);
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        portal.With("RateLimits:Enabled", "true");
        foreach (var (key, value) in settings)
        {
            portal.With(key, value);
        }

        portal.UseKestrel(0);
        await portal.StartAsync();
    }

    /// <summary>Opens a WebSocket; the status if it is refused.</summary>
    private async Task<HttpStatusCode?> OpenAsync(string client, string? origin = null)
    {
        var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        sockets.Add(socket);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        using var invoker = new HttpMessageInvoker(Peer.Handler(client));
        try
        {
            await socket.ConnectAsync(new UriBuilder(Server) { Scheme = "ws", Path = "/_blazor" }.Uri, invoker, Cancel);
            return null;
        }
        catch (WebSocketException)
        {
            return socket.HttpStatusCode;
        }
    }

    private static async Task<HttpStatusCode> NegotiateAsync(HttpClient client, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    /// <summary>The server notices a while after that a client went away.</summary>
    private async Task UntilAsync(int open)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Live.Open != open)
        {
            await Task.Delay(20, late.Token);
        }
    }
}
