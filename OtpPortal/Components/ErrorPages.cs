using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using OtpPortal.Components.Pages;
using OtpPortal.Hosting;
using OtpPortal.Web;

namespace OtpPortal.Components;

/// <summary>
/// A plain page for every refusal that has no page of its own, and for every failure. It shows nothing of the request but its
/// path.
/// </summary>
public static class ErrorPages
{
    /// <summary>Adds it around everything that follows.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app)
    {
        app.UseStatusCodePages(context => ShowAsync(context.HttpContext));
        app.UseExceptionHandler(handler => handler.Run(ShowAsync));
        app.Use(AnswerUnavailableAsync);
        return app;
    }

    /// <summary>Answers with 503 where the portal is away for a while, and offers to send a form again.</summary>
    private static async Task AnswerUnavailableAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (
            !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
                && Unavailability.Of(failure) is { } unavailable)
        {
            context.RequestServices.GetRequiredService<Unavailability>().Record(context, unavailable);
            var again = context.GetEndpoint() is not null && !context.Request.Path.Value!.StartsWith("//", StringComparison.Ordinal)
                ? context.Request.Path + context.Request.QueryString
                : "/";
            context.Response.Clear();
            context.SetEndpoint(null);
            Unavailability.SetStatus(context.Response, unavailable);
            await RenderAsync(context, new()
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
            // The database was away before the form was read, and it is none.
            return null;
        }
    }

    private static bool IsPassword(KeyValuePair<string, StringValues> field) =>
        field.Key.Contains("password", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(field.Value);

    private static async Task ShowAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var trace = RequestContext.Current.Correlation;
        if (status >= StatusCodes.Status500InternalServerError)
        {
            // The failure itself was logged just before, without the number that the person is shown.
            context.RequestServices.GetRequiredService<ILogger<ErrorPage>>().LogError(
                "The failure above was shown to a person as number {Trace}, at {Path}", trace, context.Request.Path);
        }

        var canBeOpenedAgain = status is 400 or 405 && context.GetEndpoint() is not null;
        await RenderAsync(context, new()
        {
            [nameof(ErrorPage.Status)] = status,
            [nameof(ErrorPage.Back)] = canBeOpenedAgain ? context.Request.Path.Value! : "/",
            [nameof(ErrorPage.Trace)] = trace,
            [nameof(ErrorPage.NeedsHttps)] = NeedsHttps.Is(context),
        });
    }

    private static async Task RenderAsync(HttpContext context, Dictionary<string, object?> parameters)
    {
        // Services of its own: those of the request belong to the page that failed, and cannot begin another.
        var services = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        var page = new RazorComponentResult<ErrorPage>(parameters) { StatusCode = context.Response.StatusCode };
        try
        {
            await page.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}
