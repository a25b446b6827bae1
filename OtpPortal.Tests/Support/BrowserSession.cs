using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OtpPortal.Accounts;
using OtpPortal.Data;

namespace OtpPortal.Tests.Support;

/// <summary>Sessions as the pages and the API begin them, without their forms.</summary>
public static class BrowserSession
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Begins a session of an account.</summary>
    public static Task<IssuedSession> BeginAsync(this PortalHost portal, string email, SessionRequest? request = null) =>
        portal.Lane.RunAsync(
        async db => await portal.Services.GetRequiredService<Sessions>().BeginAsync(
            db, await db.Users.SingleAsync(user => user.NormalizedEmail == email, Cancel), request ?? SessionRequest.Browser,
                Sessions.Password),
        Cancel);

    /// <summary>Signs in to an account.</summary>
    /// <returns>The session's cookie.</returns>
    public static async Task<SetCookieHeaderValue> SignInAsync(this PortalHost portal, string email) =>
        (await portal.SetBySignInAsync(email, cookies: "")).Single();

    /// <summary>Signs in a browser that shows cookies, and returns those that it is given.</summary>
    public static async Task<IList<SetCookieHeaderValue>> SetBySignInAsync(this PortalHost portal, string email, string cookies)
    {
        var session = await portal.BeginAsync(email);
        await using var scope = portal.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookies;
        scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>().Context = context;
        await SessionCookie.SignInAsync(context, session);
        return SetCookieHeaderValue.ParseList(context.Response.Headers.SetCookie.ToList()!);
    }

    /// <summary>A browser that signed in to an account of a portal on Kestrel, and follows no redirect.</summary>
    public static async Task<HttpClient> BrowserOfAsync(this PortalHost portal, string email)
    {
        var cookie = await portal.SignInAsync(email);
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        return browser;
    }
}
