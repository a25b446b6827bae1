using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>The services of the HTTP edge.</summary>
internal static class WebSetup
{
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddWebOptions();
        services.AddSingleton<ReturnUrls>().AddSingleton<KnownProxies>();
        services.AddHttpContextAccessor().AddSingleton<DistributedContextPropagator, RequestTrace>();
        services.AddHealth();
        services.AddSingleton<Unavailability>().AddSingleton<ClientLimits>().AddSingleton<Flows>().AddSingleton<KnownMobile>()
            .AddSingleton<ProtectedText>();
        services.AddCookies();
        services.AddSingleton<EdgeRefusals>().AddSingleton<LiveConnections>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationRefusals>();
        services.AddFrameworkOptions();

        // This filter comes before the health checks, which come before everything else.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, EdgeFilter>());
        return services;
    }

    private static void AddWebOptions(this IServiceCollection services)
    {
        services.AddStrictOptions<RateLimitOptions>(RateLimitOptions.Section);
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        services.AddStrictOptions<ReverseProxyOptions>(ReverseProxyOptions.Section);
        services.AddSingleton<IValidateOptions<ReverseProxyOptions>, ReverseProxyOptionsValidator>();
        services.AddStrictOptions<ForwardAuthOptions>(ForwardAuthOptions.Section);
        services.AddSingleton<IValidateOptions<ForwardAuthOptions>, ForwardAuthOptionsValidator>();
        services.AddStrictOptions<HstsOptions>(HstsOptions.Section);
        services.AddStrictOptions<DevelopmentOptions>(DevelopmentOptions.Section);
    }

    private static void AddFrameworkOptions(this IServiceCollection services)
    {
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<KnownProxies>(ForwardedClients.Configure);
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;

            // An email address may have letters beyond ASCII (RFC 6531), and the forward authentication check puts it into a header.
            server.ResponseHeaderEncodingSelector = name => name.StartsWith("X-Auth-", StringComparison.OrdinalIgnoreCase)
                ? Encoding.UTF8
                : null;
        });
        services.Configure<CircuitOptions>(circuits =>
        {
            // A page that lost its circuit gets a new one from what is stored. A retained circuit costs memory, and most people do not come
            // back.
            circuits.DisconnectedCircuitMaxRetained = 50;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
    }
}
