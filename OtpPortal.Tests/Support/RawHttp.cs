using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OtpPortal.Tests.Support;

/// <summary>HTTP as bytes on a socket, for requests that no client library would send.</summary>
public static class RawHttp
{
    /// <summary>Sends bytes and reads until the server closes.</summary>
    /// <param name="server">Its address.</param>
    /// <param name="request">If it is a whole one it must ask for <c>Connection: close</c>.</param>
    /// <param name="ends">Whether to say that no more follow, for what is less than a whole request. A server may take it for a client that
    /// went away.</param>
    /// <returns>What it answered; empty if it closed without a word.</returns>
    public static async Task<string> SendAsync(Uri server, ReadOnlyMemory<byte> request, bool ends = false)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            if (ends)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(answer, cancellationToken);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // The server closed while we still wrote: what it said before that counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <inheritdoc cref="SendAsync(Uri, ReadOnlyMemory{byte}, bool)"/>
    public static Task<string> SendAsync(Uri server, string request, bool ends = false) =>
        SendAsync(server, Encoding.Latin1.GetBytes(request), ends);

    /// <summary>The status of an answer; 0 if there is none.</summary>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            && int.TryParse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : 0;
}
