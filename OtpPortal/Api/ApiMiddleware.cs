using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OtpPortal.Hosting;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>
/// Accepts only small JSON bodies from programs, and turns every other response and every failure of the API into problem details.
/// </summary>
internal sealed class ApiMiddleware(
    RequestDelegate next, EdgeRefusals refusals, Unavailability unavailability, ILogger<ProblemResult> log)
{
    /// <summary>The maximum in bytes. The largest legitimate request has about a thousand.</summary>
    public const int MaxBody = 16 * 1024;

    private static readonly PathString[] Roots = ["/api", "/.well-known", "/openapi"];

    /// <summary>Whether a request is for the API and not for a page.</summary>
    public static bool IsApi(HttpContext context) =>
        Roots.Any(root => context.Request.Path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));

    public async Task InvokeAsync(HttpContext context)
    {
        // The API responds with problem details, and not with an error page.
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

    /// <summary>Refuses a request before its body is read; null if the request may continue.</summary>
    private ProblemResult? RejectEarly(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        if (FormGuards.IsForeign(request))
        {
            refusals.Count(context, EdgeRefusal.Origin);
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

        // The framework's reader knows only this spelling: it does not recognise a charset in quotation marks (RFC 9110 §8.3.1).
        request.ContentType = "application/json";
        return null;
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>The problem for a refusal of the framework, which has only a status.</summary>
    private static ProblemResult ToProblem(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Problems.TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => Problems.NotJson(),
        _ => Problems.Plain(status),
    };

    private ProblemResult Describe(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                // Both are counted from one, as in editors. The reader's own message would repeat a part of the request.
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
                unavailability.Record(context, unavailable);
                return Problems.Unavailable(unavailable.RetryAfter);
            default:
                var trace = RequestContext.Current.Correlation;
                log.LogError(failure, "{Path} failed; the client was told the number {Trace}", context.Request.Path, trace);
                return Problems.Plain(StatusCodes.Status500InternalServerError, trace);
        }
    }
}
