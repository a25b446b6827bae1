using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>
/// The middleware before everything else, also before the check of the host name and the health checks: it finds out who the client is, and
/// sets the headers of every response.
/// </summary>
internal sealed class EdgeFilter(
    KnownProxies proxies, PortalCookies cookies, IHostEnvironment environment, IOptions<HstsOptions> hsts,
        IOptions<ForwardAuthOptions> applications) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseForwardedClients(proxies);
        app.UseSecurityHeaders(!environment.IsDevelopment() && hsts.Value.Enabled, applications.Value.Hosts);
        if (cookies.IsSecure)
        {
            app.UsePlainRedirects();
        }

        next(app);
    };
}
