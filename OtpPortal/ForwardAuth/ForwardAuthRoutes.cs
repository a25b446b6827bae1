using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Api;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Delivery;
using OtpPortal.Web;

namespace OtpPortal.ForwardAuth;

/// <summary>The check that a reverse proxy calls before it passes a request to an application.</summary>
internal static class ForwardAuthRoutes
{
    public static void MapForwardAuth(this WebApplication app) =>
        app.MapGroup("/api/auth").MapRead("check", CheckAsync).WithDocs(OtherDocs.Check);

    private static async Task<Results<Ok, ContentHttpResult, ProblemResult>> CheckAsync(
        HttpContext context, ReturnUrls urls, IOptions<PortalOptions> portal)
    {
        // If there is a token, the cookie is ignored, so that a client with an invalid token learns about it.
        var scheme = context.Request.Headers.Authorization.Count > 0 ? BearerHandler.Name : IdentityConstants.ApplicationScheme;
        var headers = context.Response.Headers;
        if ((await context.AuthenticateAsync(scheme)).Principal is { } person)
        {
            // All three headers are set, even if they are empty. Otherwise a proxy that copies only existing headers would pass on those
            // that the client sent.
            headers["X-Auth-User"] = person.FindFirstValue(ClaimTypes.NameIdentifier);
            headers["X-Auth-Email"] = person.FindFirstValue(ClaimTypes.Email);
            headers["X-Auth-Roles"] = string.Join(',', person.FindAll(ClaimTypes.Role).Select(role => role.Value));
            return TypedResults.Ok();
        }

        var login = LoginAt(string.IsNullOrWhiteSpace(portal.Value.Address)
            ? $"{context.Request.Scheme}://{context.Request.Host}"
            : portal.Value.PublicAddress);
        headers.Location = login;
        return WantsPage(context.Request) ? Page(context, login) : Problems.NotSignedIn(scheme == BearerHandler.Name);

        string LoginAt(string origin) =>
            OriginalRequest.WhereTo(context.Request) is { } destination
                && urls.IsAllowed(destination, secure: origin.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
                ? $"{origin}/login?returnUrl={Uri.EscapeDataString(destination)}"
                : $"{origin}/login";
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Some proxies (Traefik, Caddy) pass the 401 to the browser, which does not follow the Location of a 401. This page takes it there.
    /// </summary>
    private static ContentHttpResult Page(HttpContext context, string login)
    {
        context.Response.Headers.WWWAuthenticate = BearerHandler.Name;
        var target = HtmlEncoder.Default.Encode(login);
        return TypedResults.Content(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>Sign in</title>
            <meta http-equiv="refresh" content="0; url={target}"></head><body><p><a href="{target}">Sign in</a> to go on.</p></body></html>
            """,
            "text/html; charset=utf-8",
            statusCode: StatusCodes.Status401Unauthorized);
    }
}
