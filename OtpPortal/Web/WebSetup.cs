using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>What sits at the HTTP edge.</summary>
public static class WebSetup
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddStrictOptions<RateLimitOptions>(RateLimitOptions.Section);
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        services.AddStrictOptions<ReverseProxyOptions>(ReverseProxyOptions.Section);
        services.AddSingleton<IValidateOptions<ReverseProxyOptions>, ReverseProxyOptionsValidator>();
        services.AddStrictOptions<ForwardAuthOptions>(ForwardAuthOptions.Section);
        services.AddSingleton<IValidateOptions<ForwardAuthOptions>, ForwardAuthOptionsValidator>();
        services.AddSingleton<ReturnUrls>();
        services.AddStrictOptions<HstsOptions>(HstsOptions.Section);
        services.AddStrictOptions<DevelopmentOptions>(DevelopmentOptions.Section);
        services.AddSingleton<KnownProxies>();
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<KnownProxies>(ForwardedClients.Configure);
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;

            // An address may have letters beyond ASCII (RFC 6531), and the check of forward authentication names it.
            server.ResponseHeaderEncodingSelector = name => name.StartsWith("X-Auth-", StringComparison.OrdinalIgnoreCase)
                ? Encoding.UTF8
                : null;
        });
        services.AddHttpContextAccessor().AddSingleton<DistributedContextPropagator, RequestTrace>();
        services.AddHealth();
        services.AddSingleton<Unavailability>().AddSingleton<ClientLimits>().AddSingleton<Flows>().AddSingleton<KnownMobile>()
            .AddSingleton<ProtectedText>();
        services.AddCookies();
        services.AddSingleton<EdgeRefusals>().AddSingleton<LiveConnections>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationRefusals>();
        services.Configure<CircuitOptions>(circuits =>
        {
            // A page that lost its circuit makes another from what is stored. One that is kept is memory for somebody who mostly does not
            // come back.
            circuits.DisconnectedCircuitMaxRetained = 50;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });

        // Before the health checks, which are before everything else.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, EdgeFilter>());
        return services;
    }
}
