using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

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
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<ForwardAuthOptions>>((session, applications) =>
            {
                if (applications.Value.SharedDomain is { } domain)
                {
                    // A name of its own: a cookie from before would be one for the portal's host alone, which signing out could not delete.
                    session.Cookie.Domain = domain;
                    session.Cookie.Name += "_shared";
                }
            });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ReverseProxyOptions>>((forwarded, proxies) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;

            // As many hops as there are known proxies in a row; the first unknown one is the client.
            forwarded.ForwardLimit = null;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var address in proxies.Value.Addresses)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(address));
            }
        });
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;

            // An address may have letters beyond ASCII (RFC 6531), and the check of forward authentication names it.
            server.ResponseHeaderEncodingSelector = name => name.StartsWith("X-Auth-", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : null;
        });
        services.AddHttpContextAccessor().AddSingleton<DistributedContextPropagator, RequestTrace>();
        services.AddHealth();
        services.AddSingleton<Unavailability>().AddSingleton<ClientLimits>().AddSingleton<Flows>().AddSingleton<KnownMobile>().AddSingleton<SealedText>();
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "portal_form";
            forms.Cookie.MaxAge = TimeSpan.FromDays(1);

            // Not Strict: then a link followed from a mail would bring a new cookie, and every form left open would be void.
            forms.Cookie.SameSite = SameSiteMode.Lax;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            forms.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }
}
