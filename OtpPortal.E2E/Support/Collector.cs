using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OtpPortal.E2E.Support;

/// <summary>A collector of OpenTelemetry that takes everything over HTTP and reads nothing of it.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Task serving;
    private readonly ConcurrentQueue<(string Path, string Bytes, string? Key)> got = new();

    private Collector(HttpListener listener, Uri address)
    {
        this.listener = listener;
        Address = address;
        serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>A collector on a free port.</summary>
    public static Collector Start()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://{free.LocalEndpoint}/");
        free.Stop();
        var begun = new HttpListener { Prefixes = { address.ToString() } };
        begun.Start();
        return new Collector(begun, address);
    }

    /// <summary>
    /// What came for a signal so far: names and texts stand in the bytes as they are. With the header <c>api-key</c> of
    /// each.
    /// </summary>
    public IReadOnlyList<(string Bytes, string? Key)> Of(string signal) =>
        [.. got.Where(one => one.Path == $"/v1/{signal}").Select(one => (one.Bytes, one.Key))];

    /// <summary>All of a signal, once it has what is looked for.</summary>
    public async Task<string> OnceItHasAsync(string signal, params string[] looked)
    {
        using var late = new CancellationTokenSource(Timeouts.Time);
        while (true)
        {
            var all = string.Concat(Of(signal).Select(one => one.Bytes));
            if (looked.All(text => all.Contains(text, StringComparison.Ordinal)))
            {
                return all;
            }

            await Task.Delay(50, late.Token);
        }
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
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                got.Enqueue(
                    (context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()), context.Request.Headers["api-key"]));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The portal or the test has gone.
            }
        }
    }
}
