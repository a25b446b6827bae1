using System.Net;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>How many live connections there may be, of one client and of all.</summary>
public sealed class LiveConnectionsTests : LiveConnectionsTest
{
    private const string Another = "127.0.0.3";

    private LiveConnections Live => portal.Services.GetRequiredService<LiveConnections>();

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

    [Fact]
    public async Task Disconnected_circuits_are_few_and_short_lived()
    {
        await StartAsync();
        var circuits = portal.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;

        Assert.InRange(circuits.DisconnectedCircuitRetentionPeriod, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
        Assert.InRange(circuits.DisconnectedCircuitMaxRetained, 1, 50);
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
