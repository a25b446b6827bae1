namespace OtpPortal.Web;

/// <summary>
/// Outside Development people come by HTTPS, or no form works. Where the portal takes a request for plain HTTP all the same, a proxy that
/// ends TLS is not named; a redirect that says <c>http:</c> would then lead a browser away from HTTPS, which the page's own policy forbids:
/// nothing would happen. A redirect without a scheme stays where the person is.
/// </summary>
internal static class PlainRedirects
{
    /// <summary>Takes scheme and host out of redirects to this host itself.</summary>
    public static void UsePlainRedirects(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<PortalCookies>().IsSecure)
        {
            app.Use((context, next) =>
            {
                if (!context.Request.IsHttps)
                {
                    context.Response.OnStarting(() =>
                    {
                        Shorten(context);
                        return Task.CompletedTask;
                    });
                }

                return next(context);
            });
        }
    }

    private static void Shorten(HttpContext context)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}";
        if (context.Response.StatusCode is >= 300 and < 400
            && context.Response.Headers.Location.ToString() is var location
            && location.StartsWith($"{own}/", StringComparison.OrdinalIgnoreCase)

            // Two slashes would be another host.
            && !location.AsSpan(own.Length).StartsWith("//", StringComparison.Ordinal))
        {
            context.Response.Headers.Location = location[own.Length..];
        }
    }
}
