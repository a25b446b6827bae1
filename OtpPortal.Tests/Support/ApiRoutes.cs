using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OtpPortal.Tests.Support;

/// <summary>The API's routes as the running portal knows them, so that one that is added later is tested too.</summary>
internal static class ApiRoutes
{
    /// <summary>Those that are not only read: method and path.</summary>
    public static List<(HttpMethod Method, string Path)> ThatChange(ApiHost api) =>
        [.. from endpoint in api.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = '/' + endpoint.RoutePattern.RawText!.TrimStart('/')
            where path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["POST"]
            where method is not ("GET" or "HEAD")
            orderby path, method
            select (new HttpMethod(method), WithValues(path))];

    /// <summary>Those that read a body.</summary>
    public static List<string> ThatRead(ApiHost api) =>
        [.. from endpoint in api.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is not null
            let path = '/' + endpoint.RoutePattern.RawText!.TrimStart('/')
            where path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
            select WithValues(path)];

    private static string WithValues(string path) =>
        System.Text.RegularExpressions.Regex.Replace(
            path, "\\{[^}]*\\}", "1", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
