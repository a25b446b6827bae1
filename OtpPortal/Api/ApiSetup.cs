using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>The JSON API for programs.</summary>
internal static class ApiSetup
{
    /// <summary>The deepest JSON. Requests have one level; the OpenAPI document needs more.</summary>
    private const int MaxDepth = 32;

    /// <summary>The authentication scheme that chooses another one by the path of the request.</summary>
    private const string ByPath = "ByPath";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddStrictOptions<JwtOptions>(JwtOptions.Section);
        services.AddSingleton<IPostConfigureOptions<JwtOptions>, JwtIssuer>();
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>();
        services.AddSingleton<SigningKeys>().AddSingleton<AccessTokens>().AddSingleton<TokenIssuer>().AddSingleton<ApiClient>()
            .AddSingleton<IPurge, SigningKeyPurge>();

        // The API does not read the cookie unless a route names its scheme: reading renews it, and any page of the browser may have sent
        // the request.
        services.AddAuthentication(schemes => schemes.DefaultAuthenticateScheme = ByPath)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null)
            .AddPolicyScheme(ByPath, null, schemes => schemes.ForwardDefaultSelector =
                context => ApiMiddleware.IsApi(context) ? BearerHandler.Name : IdentityConstants.ApplicationScheme);
        services.AddAuthorizationBuilder()
            .AddPolicy(BearerHandler.Name, policy => policy.AddAuthenticationSchemes(BearerHandler.Name).RequireAuthenticatedUser());

        // ApiMiddleware turns the exception into a problem.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.MaxDepth = MaxDepth;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // Otherwise a misspelt member would be ignored silently.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        return services.AddDescription();
    }

    /// <summary>Guards the API's routes, and turns their refusals and failures into problem details.</summary>
    public static IApplicationBuilder UseApiMiddleware(this IApplicationBuilder app) =>
        app.UseWhen(ApiMiddleware.IsApi, api => api.UseMiddleware<ApiMiddleware>());

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/auth").MapRegistration().MapCodes().MapSignIn().MapPasswords();
        app.MapGroup("/api/admin").MapAdmin();
        app.MapKeys();
    }

    /// <summary>Maps GET and HEAD. HEAD is a GET without the body (RFC 9110 §9.3.2).</summary>
    internal static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);

    /// <summary>Requires an access token. A cookie is not enough.</summary>
    internal static RouteHandlerBuilder RequireBearer(this RouteHandlerBuilder route) => route.RequireAuthorization(BearerHandler.Name);
}
