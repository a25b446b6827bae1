using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OtpPortal.Tests.Support;

/// <summary>The lines that go forth and back over one connection of <see cref="SmtpServer"/>, in the clear or under TLS.</summary>
internal sealed class SmtpConnection(Stream first, CancellationToken stopping) : IAsyncDisposable
{
    private readonly byte[] buffer = new byte[8192];
    private Stream stream = first;
    private int from;
    private int to;

    /// <summary>Whether it is under TLS.</summary>
    public bool Secured => stream is SslStream;

    /// <summary>Begins TLS. What was read ahead is dropped.</summary>
    public async Task SecureAsync(X509Certificate2? certificate)
    {
        var secured = new SslStream(stream);
        stream = secured;
        from = to = 0;
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping);
    }

    public Task ReplyAsync(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), stopping).AsTask();

    // By hand, because a reader that reads ahead would swallow the TLS handshake.
    /// <summary>The next line; null is the end of the connection.</summary>
    public async Task<string?> LineAsync()
    {
        var line = new List<byte>();
        while (true)
        {
            if (from == to)
            {
                (from, to) = (0, await stream.ReadAsync(buffer, stopping));
                if (to == 0)
                {
                    return null;
                }
            }

            var next = buffer[from++];
            if (next == '\n' && line is [.., (byte)'\r'])
            {
                return Encoding.UTF8.GetString([.. line[..^1]]);
            }

            line.Add(next);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
