using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>Sets the portal's names and attributes for the framework's cookies.</summary>
internal static class CookieSetup
{
    public static IServiceCollection AddCookies(this IServiceCollection services)
    {
        services.AddSingleton<PortalCookies>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAntiforgery(forms => forms.SuppressXFrameOptionsHeader = true);
        services.AddOptions<AntiforgeryOptions>().Configure<PortalCookies>((forms, cookies) => forms.Cookie = new FormCookie(cookies));
        return services;
    }

    /// <summary>The cookies of the session and of Identity's other schemes. Those are never set, but deleted at every sign-out.</summary>
    private sealed class SessionCookie(PortalCookies cookies) : IPostConfigureOptions<CookieAuthenticationOptions>
    {
        public void PostConfigure(string? name, CookieAuthenticationOptions options)
        {
            var cookie = options.Cookie;
            cookie.Path = "/";
            cookie.SecurePolicy = cookies.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            if (name != IdentityConstants.ApplicationScheme)
            {
                cookie.Name = cookies.Name($"portal_{name?.Replace("Identity.", "", StringComparison.Ordinal)}");
                return;
            }

            cookie.Name = cookies.Session;
            cookie.Domain = cookies.SharedDomain;
            if (cookies.Session != cookies.LegacySession)
            {
                ForgetLegacy(options);
            }
        }

        /// <summary>
        /// A session cookie without a prefix is no longer valid. It is deleted at the next sign-in, because proxies are configured to
        /// refuse a request with two session cookies.
        /// </summary>
        private void ForgetLegacy(CookieAuthenticationOptions options)
        {
            var signingIn = options.Events.OnSigningIn;
            options.Events.OnSigningIn = context =>
            {
                if (context.Request.Cookies.ContainsKey(cookies.LegacySession))
                {
                    context.Response.Cookies.Delete(
                        cookies.LegacySession, new CookieOptions { Domain = cookies.SharedDomain, Path = "/", Secure = true });
                }

                return signingIn(context);
            };
        }
    }

    /// <summary>
    /// The antiforgery cookie. It is marked as Secure here and not by the policy <c>Always</c>, with which antiforgery throws for every
    /// request over plain HTTP: behind a proxy that is not configured, no page would open.
    /// </summary>
    private sealed class FormCookie : CookieBuilder
    {
        private readonly PortalCookies cookies;

        public FormCookie(PortalCookies cookies)
        {
            this.cookies = cookies;
            Name = cookies.Form;
            Path = "/";
            HttpOnly = true;
            IsEssential = true;
            MaxAge = TimeSpan.FromDays(1);

            // With Strict, a link in a mail would open a page with a new cookie, and every form that was left open would become invalid.
            SameSite = SameSiteMode.Lax;
            SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure |= cookies.IsSecure;
            return options;
        }
    }
}
