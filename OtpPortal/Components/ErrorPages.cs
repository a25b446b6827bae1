using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Components.Pages;
using OtpPortal.Hosting;
using OtpPortal.Web;

namespace OtpPortal.Components;

/// <summary>
/// A plain page for every failure, and for every refusal that has no page of its own. Of the request it shows only the path.
/// </summary>
internal static class ErrorPages
{
    /// <summary>Covers everything that comes after it.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILogger<ErrorPage>>();
        app.UseStatusCodePages(context => ShowAsync(context.HttpContext, log));
        app.UseExceptionHandler(handler => handler.Run(context => ShowAsync(context, log)));
        return app.UseMiddleware<UnavailablePages>();
    }

    private static async Task ShowAsync(HttpContext context, ILogger log)
    {
        var status = context.Response.StatusCode;
        var trace = RequestContext.Current.Correlation;
        if (status >= StatusCodes.Status500InternalServerError)
        {
            // The framework has logged the failure just before, without the number that the person sees.
            log.LogError(
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

    internal static async Task RenderAsync(HttpContext context, Dictionary<string, object?> parameters)
    {
        // The page needs a scope of its own, because the request's services have already rendered the page that failed.
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
