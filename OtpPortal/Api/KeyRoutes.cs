using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Api;

/// <summary>The public keys (RFC 7517 §5).</summary>
/// <param name="Keys">The keys that verify the portal's tokens now.</param>
internal sealed record KeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>The route for the public keys, with which others verify the portal's tokens.</summary>
internal static class KeyRoutes
{
    public static void MapKeys(this IEndpointRouteBuilder app) =>
        app.MapRead("/.well-known/jwks.json", KeysAsync).WithDocs(OtherDocs.Keys);

    private static async Task<Ok<KeySet>> KeysAsync(HttpContext context, SigningKeys keys)
    {
        context.Response.Headers.CacheControl = string.Create(
            CultureInfo.InvariantCulture, $"public, max-age={KeySchedule.CacheFor.TotalSeconds}");
        return TypedResults.Ok(new KeySet(await keys.PublishedAsync()));
    }
}
