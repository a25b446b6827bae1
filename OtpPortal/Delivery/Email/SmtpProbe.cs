using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace OtpPortal.Delivery.Email;

/// <summary>Connects to the mail server and waits for its greeting (RFC 5321 §3.1).</summary>
internal sealed class SmtpProbe(IOptions<EmailOptions> options) : IMailProbe
{
    private readonly SmtpOptions smtp = options.Value.Smtp;

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            // Development captures messages and has no server to probe.
            return;
        }

        using var connection = new TcpClient();
        await connection.ConnectAsync(smtp.Host, smtp.Port, cancellationToken);
        if (smtp.Security == SmtpSecurity.Tls)
        {
            // The greeting is sent inside TLS, so it is enough that the port is open.
            return;
        }

        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        if (await reader.ReadLineAsync(cancellationToken) is not ['2', '2', '0', ..])
        {
            throw new IOException("The mail server did not greet.");
        }

        await stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellationToken);
        await reader.ReadLineAsync(cancellationToken);
    }
}
