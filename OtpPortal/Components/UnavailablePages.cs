using Microsoft.Extensions.Primitives;
using OtpPortal.Components.Pages;
using OtpPortal.Hosting;
using OtpPortal.Web;

namespace OtpPortal.Components;

/// <summary>Responds with 503 while the portal is unavailable, and offers to send a form again.</summary>
internal sealed class UnavailablePages(RequestDelegate next, Unavailability unavailability)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (
            !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
                && Unavailability.Of(failure) is { } unavailable)
        {
            unavailability.Record(context, unavailable);
            var again = context.GetEndpoint() is not null && !context.Request.Path.Value!.StartsWith("//", StringComparison.Ordinal)
                ? context.Request.Path + context.Request.QueryString
                : "/";
            context.Response.Clear();
            context.SetEndpoint(null);
            Unavailability.SetStatus(context.Response, unavailable);
            await ErrorPages.RenderAsync(context, new()
            {
                [nameof(ErrorPage.Status)] = StatusCodes.Status503ServiceUnavailable,
                [nameof(ErrorPage.Back)] = again,
                [nameof(ErrorPage.Trace)] = RequestContext.Current.Correlation,
                [nameof(ErrorPage.IsForm)] = HttpMethods.IsPost(context.Request.Method),
                [nameof(ErrorPage.Fields)] = await FieldsAsync(context.Request),
            });
        }
    }

    /// <summary>The fields of a form, to be sent again; null if there are none, or if one is a secret that no page may repeat.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> FieldsAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
        {
            return null;
        }

        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form.Files.Count > 0 || form.Any(IsPassword)
                ? null
                : [.. form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))];
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            // The failure came before the form was read, and it turns out that the body is no form.
            return null;
        }
    }

    private static bool IsPassword(KeyValuePair<string, StringValues> field) =>
        field.Key.Contains("password", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(field.Value);
}
