namespace OtpPortal.Web;

/// <summary>
/// Outside Development forms work over HTTPS only. If the portal sees plain HTTP all the same, a proxy that ends TLS is not configured as
/// known. A redirect with <c>http:</c> would then lead the browser away from HTTPS, which the page's own policy blocks. A redirect without
/// a scheme keeps the browser where it is.
/// </summary>
internal static class PlainRedirects
{
    /// <summary>Removes scheme and host from redirects to this host.</summary>
    public static void UsePlainRedirects(this IApplicationBuilder app)
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

    private static void Shorten(HttpContext context)
    {
        var own = $"{context.Request.Scheme}://{context.Request.Host}";
        if (context.Response.StatusCode is >= 300 and < 400
            && context.Response.Headers.Location.ToString() is var location
            && location.StartsWith($"{own}/", StringComparison.OrdinalIgnoreCase)

            // A path that begins with two slashes would name another host.
            && !location.AsSpan(own.Length).StartsWith("//", StringComparison.Ordinal))
        {
            context.Response.Headers.Location = location[own.Length..];
        }
    }
}
