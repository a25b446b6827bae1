using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Support;

/// <summary>The portal as it is deployed: published, in Production, behind nginx with TLS, whose codes go to a mail server.</summary>
internal sealed partial class ProductionSite : IAsyncDisposable
{
    private ProductionSite(PortalServer server, Nginx nginx, SmtpServer mail) => (Server, Nginx, Mail) = (server, nginx, mail);

    public PortalServer Server { get; }

    public Nginx Nginx { get; }

    public SmtpServer Mail { get; }

    /// <summary>Starts it.</summary>
    /// <param name="nginx">The nginx configuration.</param>
    /// <param name="application">Where the application behind it listens, if there is one.</param>
    /// <param name="settings">Other settings; # stands for the port of TLS.</param>
    public static async Task<ProductionSite> StartAsync(string nginx, Uri? application = null, params (string Key, string Value)[] settings)
    {
        var (mail, proxy) = (new SmtpServer { Certificate = null }, new Nginx());
        var server = await PortalServer.StartPublishedAsync(
        [
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("Email__From", "Portal <no-reply@example.com>"),
            ("Email__Smtp__Host", "localhost"),
            ("Email__Smtp__Port", $"{mail.Port}"),
            ("Email__Smtp__Security", "None"),
            ("AllowedHosts", "portal.example.com"),
            .. settings.Select(setting => (setting.Key, setting.Value.Replace("#", $"{proxy.Tls}", StringComparison.Ordinal))),
        ]);
        await proxy.StartAsync(nginx, server.Address, application);
        return new ProductionSite(server, proxy, mail);
    }

    /// <summary>An address behind nginx.</summary>
    public string Url(string host, string path) => $"https://{host}.example.com:{Nginx.Tls}{path}";

    /// <summary>A browser that takes the certificate.</summary>
    public async Task<IPage> BrowserAsync(BrowserFixture browsers)
    {
        var context = await browsers.Browser.NewContextAsync(
            new() { BaseURL = Url("portal", "/"), IgnoreHTTPSErrors = true, Locale = "en-GB" });
        context.SetDefaultTimeout(Timeouts.Milliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>The code in the newest mail to an address, once there are so many mails to it.</summary>
    public async Task<string> CodeForAsync(string to, int count = 1)
    {
        using var late = new CancellationTokenSource(Timeouts.Time);
        while (true)
        {
            var mine = Mail.Accepted.Where(mail => mail.To.Any(recipient => recipient.Contains(to, StringComparison.Ordinal))).ToList();
            if (mine.Count >= count)
            {
                return Code().Match(mine[^1].Parts()[0].Text).Value;
            }

            await Task.Delay(50, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Nginx.DisposeAsync();
        await Server.DisposeAsync();
        await Mail.DisposeAsync();
    }

    [GeneratedRegex(@"\b[0-9]{6}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
