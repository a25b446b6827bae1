using Microsoft.AspNetCore.HttpOverrides;

namespace OtpPortal.Web;

/// <summary>Reads forwarded headers, but only from known proxies.</summary>
internal static class ForwardedClients
{
    /// <summary>Comes before anything that reads the client's address or the scheme.</summary>
    public static void UseForwardedClients(this IApplicationBuilder app, KnownProxies proxies)
    {
        app.Use((context, next) =>
        {
            if (!proxies.Has(context.Connection.RemoteIpAddress))
            {
                proxies.WarnIfForwarded(context);
            }

            return next(context);
        });
        if (proxies.Networks.Count > 0)
        {
            app.UseWhen(context => proxies.Has(context.Connection.RemoteIpAddress), known => known.UseForwardedHeaders());
        }
    }

    /// <summary>Configures the framework's middleware.</summary>
    public static void Configure(ForwardedHeadersOptions forwarded, KnownProxies proxies)
    {
        // The framework itself adds this middleware if ASPNETCORE_FORWARDEDHEADERS_ENABLED is set, and without known proxies it would trust
        // everybody.
        forwarded.ForwardedHeaders =
            proxies.Networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;

        // There is no limit for known proxies in a row: the first unknown address is the client.
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }
}
