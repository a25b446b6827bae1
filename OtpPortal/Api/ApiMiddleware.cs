using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OtpPortal.Hosting;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>
/// What stands around the API: it takes small JSON from programs, and answers everything else, its own failures too, with problem
/// details.
/// </summary>
public static class ApiMiddleware
{
    /// <summary>Bytes; the largest honest request has about a thousand.</summary>
    public const int MaxBody = 16 * 1024;

    // What is for programs and not for people.
    private static readonly PathString[] Roots = ["/api", "/.well-known", "/openapi"];

    /// <summary>Whether a request is for the API and not for a page.</summary>
    public static bool IsApi(HttpContext context) =>
        Roots.Any(root => context.Request.Path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds it for the API's routes.</summary>
    public static IApplicationBuilder UseApiMiddleware(this IApplicationBuilder app) => app.UseWhen(IsApi, api => api.Use(GuardAsync));

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        // The pages for people stay away.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        if (RejectEarly(context) is { } unreadable)
        {
            await unreadable.ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            await Describe(context, failure).ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
        {
            await ToProblem(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    /// <summary>What is refused before anything reads it.</summary>
    private static ProblemResult? RejectEarly(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        if (FormGuards.IsForeign(request))
        {
            context.RequestServices.GetRequiredService<EdgeRefusals>().Count(context, EdgeRefusal.Origin);
            return Problems.ForeignOrigin();
        }

        if (request.ContentLength > MaxBody)
        {
            return Problems.TooLarge();
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength > 0;
        if (!hasBody)
        {
            return null;
        }

        if (!IsJson(request.ContentType))
        {
            return Problems.NotJson();
        }

        // In the one spelling that the framework's reader knows: it takes a charset in quotation marks (RFC 9110 §8.3.1) for an unknown
        // one.
        request.ContentType = "application/json";
        return null;
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the framework refuses by a status alone.</summary>
    private static ProblemResult ToProblem(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Problems.TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => Problems.NotJson(),
        _ => Problems.Plain(status),
    };

    private static ProblemResult Describe(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                // Counted from one, as editors do. The reader's own words would repeat what was sent.
                var (line, position) = (json.LineNumber + 1, json.BytePositionInLine + 1);
                var member = string.IsNullOrEmpty(json.Path) || json.Path == "$" ? "" : $" ({json.Path})";
                return Problems.Body(
                    $"It is not the JSON that this address takes, at line {line}, byte {position}{member}. Check its syntax, and the "
                        + "names and types of its members.", line, position);
            case BadHttpRequestException bad:
                return bad.StatusCode == StatusCodes.Status400BadRequest
                    ? Problems.Body("It is missing, or is not a JSON object. Send one.")
                    : ToProblem(bad.StatusCode);
            case var other when Unavailability.Of(other) is { } unavailable:
                context.RequestServices.GetRequiredService<Unavailability>().Record(context, unavailable);
                return Problems.Unavailable(unavailable.RetryAfter);
            default:
                var trace = RequestContext.Current.Correlation;
                context.RequestServices.GetRequiredService<ILogger<ProblemResult>>()
                    .LogError(failure, "{Path} failed; the client was told the number {Trace}", context.Request.Path, trace);
                return Problems.Plain(StatusCodes.Status500InternalServerError, trace);
        }
    }
}
