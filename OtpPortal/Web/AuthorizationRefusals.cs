using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace OtpPortal.Web;

/// <summary>
/// Counts what authorisation refuses, and leaves the answer to the framework. A page for people who are signed in is not refused to others:
/// they are sent to the sign-in. The API knows no such thing, so there that is a refusal.
/// </summary>
internal sealed class AuthorizationRefusals(EdgeRefusals refusals) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler framework = new();

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        if (authorizeResult.Forbidden || (authorizeResult.Challenged && isApi))
        {
            refusals.Count(context, EdgeRefusal.NotAllowed);
        }

        return framework.HandleAsync(next, context, policy, authorizeResult);
    }
}
