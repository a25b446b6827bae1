using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;

namespace OtpPortal.Api;

/// <summary>The JSON API for programs.</summary>
public static class ApiSetup
{
    /// <summary>Deeper JSON is not read; ours has one level.</summary>
    private const int MaxDepth = 8;

    /// <summary>Adds it.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddStrictOptions<JwtOptions>(JwtOptions.Section);
        services.AddSingleton<IPostConfigureOptions<JwtOptions>, JwtIssuer>();
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>();
        services.AddSingleton<SigningKeys>().AddSingleton<AccessTokens>().AddSingleton<Sessions>().AddSingleton<IPurge, SigningKeyPurge>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null);
        services.AddAuthorizationBuilder().AddPolicy(BearerHandler.Name, policy => policy.AddAuthenticationSchemes(BearerHandler.Name).RequireAuthenticatedUser());

        // What cannot be read is told by ApiEdge, in our own words.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.MaxDepth = MaxDepth;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // A misspelt member would be passed over in silence otherwise.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        return services;
    }

    /// <summary>Maps its routes.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/auth").WithTags("Accounts").MapRegistration().MapSignIn().MapPasswords().MapForwardAuth();
        app.MapGroup("/api/admin").WithTags("Administration").MapAdmin();
        app.MapKeys();
    }

    /// <summary>What every route that sends a code may answer.</summary>
    internal static RouteHandlerBuilder Sends(this RouteHandlerBuilder route) => route.Reads()
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    /// <summary>What every route that takes a code, a password or a token may answer.</summary>
    internal static RouteHandlerBuilder Tries(this RouteHandlerBuilder route) => route.Reads()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    /// <summary>Takes nobody but who shows an access token; a cookie is none.</summary>
    internal static RouteHandlerBuilder RequireBearer(this RouteHandlerBuilder route) => route
        .RequireAuthorization(BearerHandler.Name)
        .ProducesProblem(StatusCodes.Status401Unauthorized);

    private static RouteHandlerBuilder Reads(this RouteHandlerBuilder route) => route
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
}
