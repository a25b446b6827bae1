using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OtpPortal.E2E.Support;

/// <summary>
/// nginx with a configuration out of the documentation. Nothing in that is replaced but what belongs to a machine: the ports it listens on,
/// those of what it stands before, and the certificate.
/// </summary>
public sealed class Nginx : IAsyncDisposable
{
    public const string Missing = "nginx is neither in PATH nor in /usr/sbin. ./test.sh installs it where it can; on Debian: apt-get "
        + "install nginx-light.";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-nginx-");
    private readonly X509Certificate2 certificate = MakeCertificate();
    private Process? process;

    /// <summary>Where it is, or null. Debian puts it where only root looks.</summary>
    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(place => Path.Combine(place, "nginx")).FirstOrDefault(File.Exists);

    /// <summary>In place of 443.</summary>
    public int Tls { get; } = FreePort();

    /// <summary>In place of 80.</summary>
    public int Plain { get; } = FreePort();

    /// <summary>A client without a browser that finds every name here, and follows no redirect.</summary>
    public HttpClient NewClient() => new(NewHandler());

    /// <inheritdoc cref="NewClient"/>
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new()
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
        },
    };

    /// <summary>A connection of its own with TLS, for requests that no client library would send.</summary>
    public async Task<SslStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Tls, cancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false,
            (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "app.example.com" }, cancellationToken);
        return stream;
    }

    /// <summary>Starts it.</summary>
    /// <param name="servers">What stands in the documentation.</param>
    /// <param name="portal">Where the portal listens.</param>
    /// <param name="application">Where the application listens, if there is one.</param>
    public async Task StartAsync(string servers, Uri portal, Uri? application = null)
    {
        await File.WriteAllTextAsync(InFolder("certificate.pem"), certificate.ExportCertificatePem());
        using (var key = certificate.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(InFolder("key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(InFolder("nginx.conf"), Configuration(servers, portal, application));
        await RunAsync();
    }

    private string Configuration(string servers, Uri portal, Uri? application)
    {
        var machine = servers
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{Tls} ssl;", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{Plain};", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8080", portal.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("http://127.0.0.1:9000", application?.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        machine = string.Join('\n', machine.Split('\n').Select(line => line.Trim().Split(' ')[0] switch
        {
            "ssl_certificate" => $"ssl_certificate {InFolder("certificate.pem")};",
            "ssl_certificate_key" => $"ssl_certificate_key {InFolder("key.pem")};",
            _ => line,
        }));

        // One process in the foreground, and everything that it writes in our own folder.
        var temporary = string.Join(
            '\n', new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {InFolder(kind)};"));
        return $$"""
            daemon off;
            master_process off;
            pid {{InFolder("nginx.pid")}};
            error_log stderr notice;
            events { }
            http {
            access_log off;
            {{temporary}}
            {{machine}}
            }
            """;
    }

    /// <summary>Starts the process, and waits until its sockets are open.</summary>
    private async Task RunAsync()
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Program!, ["-p", folder.FullName, "-c", InFolder("nginx.conf")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }

            // nginx names its event method once its sockets are open.
            if (line.Data?.Contains("event method", StringComparison.Ordinal) == true)
            {
                listening.TrySetResult();
            }
        };
        process.Exited += (_, _) =>
        {
            lock (said)
            {
                listening.TrySetException(new InvalidOperationException($"nginx ended at start:\n{string.Join('\n', said)}"));
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        await listening.Task.WaitAsync(Timeouts.Time);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    private string InFolder(string name) => Path.Combine(folder.FullName, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.example.com");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
