using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OtpPortal.E2E.Support;

/// <summary>Another site on this machine: whatever is asked of it, it answers an empty page.</summary>
public sealed class ForeignSite : IAsyncDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<!doctype html>");

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;

    public ForeignSite()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await serving;
        listener.Dispose();
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync(end.Token) is { Length: > 0 })
                {
                    // To the end of the head.
                }

                await stream.WriteAsync(Answer, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
