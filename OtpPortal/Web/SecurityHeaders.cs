using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>Headers that every answer carries.</summary>
public static class SecurityHeaders
{
    // Everything from here, nothing inline: what is injected does not run (ASVS 5.0 3.4.3).
    private const string Policy = "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";

    /// <summary>Adds them.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            // RFC 6797, where the request came by HTTPS.
            app.UseHsts();
        }

        // Signing in answers a form with a redirect to the application, and Chromium holds that against form-action too (CSP 3 §6.4.1).
        var applications = app.Services.GetRequiredService<IOptions<ForwardAuthOptions>>().Value.Hosts;
        var policy = $"{Policy}; form-action {string.Join(' ', ["'self'", .. applications])}";
        return app.Use((context, next) => AddHeaders(context, policy, next));
    }

    private static Task AddHeaders(HttpContext context, string policy, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        Set(headers, policy);
        context.Response.OnStarting(() =>
        {
            // Whoever answers a failure has begun with no headers.
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                Set(headers, policy);
            }

            // Pages show addresses and hold form tokens: nobody keeps a copy. Static files say otherwise, each for itself.
            if (headers.CacheControl.Count == 0 || headers.Pragma.Count > 0)
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    private static void Set(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
