using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OtpPortal.E2E.Support;

/// <summary>
/// An application that knows nothing of the portal. It answers with what it was asked, and over a WebSocket with what it was
/// told.
/// </summary>
public sealed class EchoApplication : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Task serving;

    private EchoApplication(HttpListener listener, Uri address)
    {
        this.listener = listener;
        Address = address;
        serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Every request that it got.</summary>
    public ConcurrentQueue<Echo> Requests { get; } = new();

    public static EchoApplication Start()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://{free.LocalEndpoint}/");
        free.Stop();

        // Whatever host the request names: the proxy passes on that of the browser.
        var begun = new HttpListener { Prefixes = { $"http://*:{address.Port}/" } };
        begun.Start();
        return new EchoApplication(begun, address);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        if (context.Request.IsWebSocketRequest)
        {
            using var socket = (await context.AcceptWebSocketAsync(subProtocol: null)).WebSocket;
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
            return;
        }

        var request = context.Request;
        var headers = request.Headers.AllKeys.ToDictionary(name => name!, name => request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
        var echo = new Echo(request.HttpMethod, request.RawUrl!, headers);
        Requests.Enqueue(echo);
        context.Response.ContentType = "application/json";
        await using var body = context.Response.OutputStream;
        await body.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(echo)));
    }
}

/// <summary>What the application was asked.</summary>
public sealed record Echo(string Method, string Url, Dictionary<string, string> Headers)
{
    /// <summary>A header, or null.</summary>
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
