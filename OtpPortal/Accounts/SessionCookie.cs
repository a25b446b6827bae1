using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// The cookie of a browser's session. The cookie only refers to the session, so a copy of it is worthless once the session has ended.
/// </summary>
internal static class SessionCookie
{
    public static async Task SignInAsync(HttpContext context, IssuedSession session)
    {
        var signIn = context.RequestServices.GetRequiredService<SignInManager<PortalUser>>();
        await signIn.SignInWithClaimsAsync(session.User, isPersistent: false, [new Claim(Sessions.Claim, session.SessionId)]);
    }

    /// <summary>Ends the browser's session, in the database and in the browser.</summary>
    public static async Task SignOutAsync(HttpContext context)
    {
        if (context.User.FindFirstValue(Sessions.Claim) is { } sessionId)
        {
            await context.RequestServices.GetRequiredService<Sessions>().SignOutAsync(sessionId);
        }

        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>
    /// Looks up the session and creates the claims from the account again, so that changes to the account take effect at once.
    /// </summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var (sessionId, userId) = (context.Principal?.FindFirstValue(Sessions.Claim),
            context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier));
        var user = sessionId is null || userId is null
            ? null
            : await services.GetRequiredService<Sessions>().FindAsync(sessionId, userId, context.HttpContext.RequestAborted);
        if (user is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
            return;
        }

        var person = await services.GetRequiredService<IUserClaimsPrincipalFactory<PortalUser>>().CreateAsync(user);
        ((ClaimsIdentity)person.Identity!).AddClaim(new Claim(Sessions.Claim, sessionId!));
        context.ReplacePrincipal(person);
    }
}
