using System.Net;

namespace OtpPortal.Web;

/// <summary>The section <c>Hsts</c> of the configuration.</summary>
public sealed class HstsOptions
{
    public const string Section = "Hsts";

    /// <summary>
    /// Whether browsers are told to use HTTPS alone, for a year, for this host and all below it (RFC 6797). Default true.
    /// </summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>Headers of every response.</summary>
public static class SecurityHeaders
{
    // Everything from here, nothing inline: what is injected does not run (ASVS 5.0 3.4.3).
    private const string Policy = "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";

    private const string HttpsAlone = "max-age=31536000; includeSubDomains";

    /// <summary>Comes before everything that may respond, and after the scheme of the request is known.</summary>
    /// <param name="hsts">Whether browsers are told to use HTTPS alone.</param>
    /// <param name="applications">The hosts of the applications to which a sign-in returns.</param>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, bool hsts, IEnumerable<string> applications)
    {
        // Signing in answers a form with a redirect to the application, and Chromium holds that against form-action too (CSP 3 §6.4.1).
        var policy = $"{Policy}; form-action {string.Join(' ', ["'self'", .. applications])}";
        return app.Use((context, next) => AddHeaders(context, policy, hsts, next));
    }

    private static Task AddHeaders(HttpContext context, string policy, bool hsts, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        var isHttps = hsts && context.Request.IsHttps && HasName(context.Request.Host.Host);
        Set(headers, policy, isHttps);
        context.Response.OnStarting(() =>
        {
            // Error handlers clear all headers before they write their own.
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                Set(headers, policy, isHttps);
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

    private static void Set(IHeaderDictionary headers, string policy, bool isHttps)
    {
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (isHttps)
        {
            headers.StrictTransportSecurity = HttpsAlone;
        }
    }

    /// <summary>Browsers keep this for names alone (RFC 6797 §8.1.1), and <c>localhost</c> is every program's on the machine.</summary>
    private static bool HasName(string host) =>
        host.Length > 0 && !IPAddress.TryParse(host, out _) && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
