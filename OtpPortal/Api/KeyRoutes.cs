using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Api;

/// <summary>The public keys (RFC 7517 §5).</summary>
/// <param name="Keys">Those by which the portal's tokens can be verified now.</param>
public sealed record KeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>Where others find the keys to verify the portal's tokens with.</summary>
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
