using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;

namespace OtpPortal.Web;

/// <summary>
/// What a posted form must be before anything looks at it: small, from this origin, and with its token. Otherwise 400, and nothing
/// is written.
/// </summary>
public static class FormGuards
{
    /// <summary>Bytes; the largest honest form has about two thousand.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Refuses large bodies and foreign origins.</summary>
    public static IApplicationBuilder UseFormGuards(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            await next(context);
            return;
        }

        var isForeign = IsForeign(request);
        if (isForeign)
        {
            Refusals(context).Count(context, EdgeRefusal.Origin);
        }

        if (isForeign || request.ContentLength > MaxBody)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is BadHttpRequestException or InvalidDataException && !context.Response.HasStarted)
        {
            // A body that is no form, or one of unknown length that turned out too large.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    });

    /// <summary>
    /// Refuses a form without its antiforgery token before its page is made. To be used after the antiforgery
    /// middleware.
    /// </summary>
    public static IApplicationBuilder UseTokenGuard(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            Refusals(context).Count(context, EdgeRefusal.FormToken);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            NeedsHttps.Mark(context);
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>
    /// Whether a page of another site sent this. Browsers send Origin with every POST (Fetch §3.2). The scheme is left out: a
    /// proxy may end TLS before us.
    /// </summary>
    public static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
                && Uri.TryCreate($"{theirs.Scheme}://{request.Host}", UriKind.Absolute, out var ours)
                && theirs.Scheme is "http" or "https"
                && theirs.Authority.Equals(ours.Authority, StringComparison.OrdinalIgnoreCase));
    }

    private static EdgeRefusals Refusals(HttpContext context) => context.RequestServices.GetRequiredService<EdgeRefusals>();
}
