using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Components.Pages;
using OtpPortal.Data;
using OtpPortal.Web;

namespace OtpPortal.Components;

/// <summary>A plain page for every refusal that has no page of its own, and for every failure. It shows nothing of the request but its path.</summary>
public static class ErrorPages
{
    /// <summary>Adds it around everything that follows.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app)
    {
        app.UseStatusCodePages(context => ShowAsync(context.HttpContext));
        app.UseExceptionHandler(handler => handler.Run(ShowAsync));
        return app;
    }

    private static async Task ShowAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var trace = Origin.Current.Correlation;
        if (status >= StatusCodes.Status500InternalServerError)
        {
            // The failure itself was logged just before, without the number that the person is shown.
            context.RequestServices.GetRequiredService<ILogger<ErrorPage>>().LogError(
                "The failure above was shown to a person as number {Trace}, at {Path}", trace, context.Request.Path);
        }

        // Services of its own: those of the request belong to the page that failed, and cannot begin another.
        var services = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        var canBeOpenedAgain = status is 400 or 405 && context.GetEndpoint() is not null;
        var page = new RazorComponentResult<ErrorPage>(new
        {
            Status = status,
            Back = canBeOpenedAgain ? context.Request.Path.Value! : "/",
            Trace = trace,
            NeedsHttps = NeedsHttps.Is(context),
        })
        { StatusCode = status };
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
