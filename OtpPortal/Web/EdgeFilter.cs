namespace OtpPortal.Web;

/// <summary>
/// What stands before everything else, the check of the host name and the health checks too: who the client is, and the headers that every
/// answer carries.
/// </summary>
internal sealed class EdgeFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseForwardedClients();
        app.UseSecurityHeaders();
        app.UsePlainRedirects();
        next(app);
    };
}
