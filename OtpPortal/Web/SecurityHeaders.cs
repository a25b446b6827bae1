using System.Net;

namespace OtpPortal.Web;

/// <summary>The section <c>Hsts</c> of the configuration.</summary>
internal sealed class HstsOptions
{
    public const string Section = "Hsts";

    /// <summary>Whether browsers must use only HTTPS for this host and its subdomains, for a year (RFC 6797).</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>Headers of every response.</summary>
internal static class SecurityHeaders
{
    // Everything comes from this host and nothing is inline, so that injected scripts do not run (ASVS 5.0 3.4.3).
    private const string Policy = "default-src 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";

    private const string HttpsAlone = "max-age=31536000; includeSubDomains";

    /// <summary>Comes before everything that may respond, and after the scheme of the request is known.</summary>
    /// <param name="hsts">Whether browsers must use only HTTPS.</param>
    /// <param name="applications">The hosts of the applications to which a sign-in returns.</param>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, bool hsts, IEnumerable<string> applications)
    {
        // A sign-in redirects to the application after a form, and Chromium applies form-action to that redirect too (CSP 3 §6.4.1).
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

            // Pages contain addresses and form tokens, and must not be stored. Static files set their own Cache-Control.
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

    /// <summary>Browsers apply HSTS only to host names (RFC 6797 §8.1.1), and all programs of a machine share <c>localhost</c>.</summary>
    private static bool HasName(string host) =>
        host.Length > 0 && !IPAddress.TryParse(host, out _) && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
