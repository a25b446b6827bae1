using Microsoft.AspNetCore.HttpOverrides;

namespace OtpPortal.Web;

/// <summary>Reads forwarded headers, from known proxies alone.</summary>
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

    /// <summary>Sets what the framework's middleware reads.</summary>
    public static void Configure(ForwardedHeadersOptions forwarded, KnownProxies proxies)
    {
        // The framework adds this middleware by itself where ASPNETCORE_FORWARDEDHEADERS_ENABLED is set, and it believes everybody if
        // nobody is named.
        forwarded.ForwardedHeaders =
            proxies.Networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;

        // As many hops as there are known proxies in a row; the first unknown one is the client.
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }
}
