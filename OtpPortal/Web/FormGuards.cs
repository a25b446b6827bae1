using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;

namespace OtpPortal.Web;

/// <summary>The checks of a request that changes something.</summary>
internal static class FormGuards
{
    /// <summary>
    /// Whether a page of another site sent the request. Browsers send Origin with every POST (Fetch §3.2). The scheme is not compared,
    /// because a proxy may end TLS in front of the portal.
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
}

/// <summary>Refuses forms that are large or come from another origin with 400, before anything reads them.</summary>
internal sealed class FormGuard(RequestDelegate next, EdgeRefusals refusals)
{
    /// <summary>Bytes. The largest honest form has about two thousand.</summary>
    private const int MaxBody = 64 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            await next(context);
            return;
        }

        var isForeign = FormGuards.IsForeign(request);
        if (isForeign)
        {
            refusals.Count(context, EdgeRefusal.Origin);
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
            // The body is no form, or one of unknown length was too large.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}

/// <summary>Refuses a form without its antiforgery token with 400, before its page is created.</summary>
internal sealed class TokenGuard(RequestDelegate next, EdgeRefusals refusals, PortalCookies cookies)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            return next(context);
        }

        refusals.Count(context, EdgeRefusal.FormToken);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        NeedsHttps.Mark(context, cookies);
        return Task.CompletedTask;
    }
}
