using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace OtpPortal.Web;

/// <summary>
/// Counts the refusals of authorisation, and leaves the response to the framework. A page redirects people who are not signed in, so that
/// only the API counts them as refused.
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
