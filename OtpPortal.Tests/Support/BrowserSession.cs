using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OtpPortal.Data;

namespace OtpPortal.Tests.Support;

/// <summary>The session cookie that the pages give, without the pages.</summary>
public static class BrowserSession
{
    /// <summary>Signs in to an account.</summary>
    public static async Task<SetCookieHeaderValue> SignInAsync(this PortalHost portal, string email) => (await portal.SetBySignInAsync(email, cookies: "")).Single();

    /// <summary>Signs in a browser that shows cookies, and returns those that it is given.</summary>
    public static async Task<IList<SetCookieHeaderValue>> SetBySignInAsync(this PortalHost portal, string email, string cookies)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
        var user = await sessions.UserManager.FindByEmailAsync(email) ?? throw new InvalidOperationException($"{email} has no account.");
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookies;
        await context.SignInAsync(IdentityConstants.ApplicationScheme, await sessions.CreateUserPrincipalAsync(user));
        return SetCookieHeaderValue.ParseList(context.Response.Headers.SetCookie.ToList()!);
    }

    /// <summary>A browser that signed in to an account of a portal on Kestrel, and follows no redirect.</summary>
    public static async Task<HttpClient> BrowserOfAsync(this PortalHost portal, string email)
    {
        var cookie = await portal.SignInAsync(email);
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = portal.ClientOptions.BaseAddress };
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        return browser;
    }
}
