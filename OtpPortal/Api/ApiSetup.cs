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
public static class ApiSetup
{
    /// <summary>Deeper JSON is not read. Requests have one level; the description of the answers needs more.</summary>
    private const int MaxDepth = 32;

    /// <summary>The scheme that leaves it to the path who is asked who somebody is.</summary>
    private const string ByPath = "ByPath";

    /// <summary>Adds it.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddStrictOptions<JwtOptions>(JwtOptions.Section);
        services.AddSingleton<IPostConfigureOptions<JwtOptions>, JwtIssuer>();
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>();
        services.AddSingleton<SigningKeys>().AddSingleton<AccessTokens>().AddSingleton<TokenIssuer>()
            .AddSingleton<IPurge, SigningKeyPurge>();

        // A cookie is not even looked at here unless a route asks for it by name: looked at, it would be renewed, by whichever page sent it
        // along.
        services.AddAuthentication(schemes => schemes.DefaultAuthenticateScheme = ByPath)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null)
            .AddPolicyScheme(ByPath, null, schemes => schemes.ForwardDefaultSelector =
                context => ApiMiddleware.IsApi(context) ? BearerHandler.Name : IdentityConstants.ApplicationScheme);
        services.AddAuthorizationBuilder()
            .AddPolicy(BearerHandler.Name, policy => policy.AddAuthenticationSchemes(BearerHandler.Name).RequireAuthenticatedUser());

        // ApiMiddleware answers what cannot be read, with a problem of the portal.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.MaxDepth = MaxDepth;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // A misspelt member would be passed over in silence otherwise.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        return services.AddDescription();
    }

    /// <summary>Maps its routes.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/auth").MapRegistration().MapCodes().MapSignIn().MapPasswords();
        app.MapGroup("/api/admin").MapAdmin();
        app.MapKeys();
    }

    /// <summary>Maps what is only read: HEAD is a GET without the body (RFC 9110 §9.3.2), and every GET has one (§9.1).</summary>
    internal static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);

    /// <summary>Takes nobody but who shows an access token; a cookie is none.</summary>
    internal static RouteHandlerBuilder RequireBearer(this RouteHandlerBuilder route) => route.RequireAuthorization(BearerHandler.Name);
}
