using System.Net;
using System.Net.WebSockets;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>The live part of the pages, over real WebSockets.</summary>
public abstract class LiveConnectionsTest : IAsyncDisposable
{
    private protected const string One = "127.0.0.2";

    private protected readonly PortalHost portal = new() { Clock = null };
    private protected readonly List<ClientWebSocket> sockets = [];

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected Uri Server => portal.ClientOptions.BaseAddress;

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        await portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task StartAsync(params (string Key, string Value)[] settings)
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
    private protected async Task<HttpStatusCode?> OpenAsync(string client, string? origin = null)
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

    private protected static async Task<HttpStatusCode> NegotiateAsync(HttpClient client, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
