using System.Net;
using System.Net.Sockets;

namespace OtpPortal.Tests.Support;

/// <summary>A client with an address of its own: all of 127.0.0.0/8 is this machine, so one machine has many.</summary>
internal static class Peer
{
    /// <summary>A client that connects from an address, keeps no cookie and follows no redirect.</summary>
    public static HttpClient From(string address, Uri server) => new(Handler(address)) { BaseAddress = server };

    /// <inheritdoc cref="From"/>
    public static SocketsHttpHandler Handler(string address) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
