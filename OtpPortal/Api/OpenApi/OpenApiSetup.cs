using Microsoft.OpenApi;
using OtpPortal.Web;

namespace OtpPortal.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document of the API, and in Development a page on which to try the API.</summary>
internal static class OpenApiSetup
{
    private const string Path = "/openapi/v1.json";
    private const string Pages = "/swagger";

    public static IServiceCollection AddDescription(this IServiceCollection services) => services
        .AddSingleton<OpenApiFile>()
        .AddOpenApi(OpenApiFile.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

            // Every GET route also supports HEAD. A route without documentation is not part of the public API.
            options.ShouldInclude = route =>
                route.HttpMethod != HttpMethods.Head && route.ActionDescriptor.EndpointMetadata.OfType<OperationDocs>().Any();
            options.AddSchemaTransformer(PropertyDocs.ApplyAsync);
            options.AddOperationTransformer(Responses.ApplyAsync);
            options.AddDocumentTransformer<DocumentFrame>();
        });

    public static void MapDescription(this WebApplication app)
    {
        app.MapRead(Path,
            (HttpContext context, OpenApiFile file, CancellationToken cancellationToken) => file.ServeAsync(context, cancellationToken));
        if (app.Environment.IsDevelopment())
        {
            app.UseLocalOnly(Pages);
            app.UseWhen(context => context.Request.Path.StartsWithSegments(Pages, StringComparison.OrdinalIgnoreCase),
                pages => pages.Use((context, next) =>
            {
                // Swagger UI has inline styles. Its scripts are served by the portal.
                context.Response.Headers.ContentSecurityPolicy += "; style-src 'self' 'unsafe-inline'";
                return next(context);
            }));
            app.UseSwaggerUI(page =>
            {
                page.DocumentTitle = "OtpPortal: the API";
                page.RoutePrefix = Pages[1..];
                page.SwaggerEndpoint(Path, "OtpPortal");
            });
        }
    }
}
