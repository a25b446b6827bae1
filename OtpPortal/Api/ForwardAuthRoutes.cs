using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Api.Description;
using OtpPortal.Api.Tokens;
using OtpPortal.Delivery;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>The question that a proxy asks before it lets somebody through to an application: who is this?</summary>
internal static class ForwardAuthRoutes
{
    public static RouteGroupBuilder MapForwardAuth(this RouteGroupBuilder auth)
    {
        auth.MapRead("check", CheckAsync).DescribedBy(OtherTexts.Check);
        return auth;
    }

    private static async Task<Results<Ok, Refusal>> CheckAsync(HttpContext context, ReturnUrls urls, IOptions<PortalOptions> portal)
    {
        // A shown token speaks, and no cookie in its place: who shows a void one is told so.
        var scheme = context.Request.Headers.Authorization.Count > 0 ? BearerHandler.Name : IdentityConstants.ApplicationScheme;
        var headers = context.Response.Headers;
        if ((await context.AuthenticateAsync(scheme)).Principal is { } person)
        {
            headers["X-Auth-User"] = person.FindFirstValue(ClaimTypes.NameIdentifier);
            headers["X-Auth-Email"] = person.FindFirstValue(ClaimTypes.Email);
            headers["X-Auth-Roles"] = string.Join(',', person.FindAll(ClaimTypes.Role).Select(role => role.Value));
            return TypedResults.Ok();
        }

        var origin = string.IsNullOrWhiteSpace(portal.Value.Address) ? $"{context.Request.Scheme}://{context.Request.Host}" : portal.Value.PublicAddress;
        headers.Location = Destination(context.Request) is { } destination && urls.IsAllowed(destination)
            ? $"{origin}/login?returnUrl={Uri.EscapeDataString(destination)}"
            : $"{origin}/login";
        return Problems.NotSignedIn(scheme == BearerHandler.Name);
    }

    /// <summary>Where the person was going: in one header, as nginx is told to send it, or in the three of Traefik and Caddy.</summary>
    private static string? Destination(HttpRequest request)
    {
        if (request.Headers["X-Original-URL"] is [{ } whole])
        {
            return whole;
        }

        return request.Headers["X-Forwarded-Host"] is [{ } host] && request.Headers["X-Forwarded-Uri"] is [{ } uri]
            ? $"{(request.Headers["X-Forwarded-Proto"] is [{ } scheme] ? scheme : request.Scheme)}://{host}{uri}"
            : null;
    }
}
