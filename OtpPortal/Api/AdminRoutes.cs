using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>
/// The routes for programs of administrators. They accept a cookie as well as an access token, because they change nothing. A route that
/// changes something must refuse the cookie.
/// </summary>
internal static class AdminRoutes
{
    public static RouteGroupBuilder MapAdmin(this RouteGroupBuilder admin)
    {
        admin.AddEndpointFilter(OnlyAdministratorsAsync);
        admin.MapRead("otp-stats", StatisticsAsync).WithDocs(AdminDocs.Statistics);
        return admin;
    }

    private static async ValueTask<object?> OnlyAdministratorsAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        // The cookie is ignored if the request has a token, so that a client with an invalid token gets an error.
        var hasToken = call.HttpContext.Request.Headers.Authorization.Count > 0;
        var result = await call.HttpContext.AuthenticateAsync(hasToken ? BearerHandler.Name : IdentityConstants.ApplicationScheme);
        if (result.Principal?.IsInRole(PortalClaims.Admin) == true)
        {
            return await next(call);
        }

        call.HttpContext.RequestServices.GetRequiredService<EdgeRefusals>().Count(call.HttpContext, EdgeRefusal.NotAllowed);
        return result.Principal is null ? Problems.NotSignedIn(hasToken) : Problems.NotAllowed();
    }

    private static async Task<Results<Ok<OtpStatistics>, ProblemResult>> StatisticsAsync(
        Statistics statistics, string? range, CancellationToken cancellationToken)
    {
        if (StatisticsRange.Of(range ?? StatisticsRange.Default.Name) is not { } selected)
        {
            var allowed = string.Join(", ", StatisticsRange.All.Select(offered => offered.Name));
            return Problems.Field("range", $"There is no such range. Allowed: {allowed}.");
        }

        return TypedResults.Ok(await statistics.ReadAsync(selected, cancellationToken));
    }
}
