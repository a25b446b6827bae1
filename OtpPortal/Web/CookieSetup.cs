using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>Gives the cookies that the framework writes the portal's names and attributes.</summary>
internal static class CookieSetup
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddCookies(this IServiceCollection services)
    {
        services.AddSingleton<PortalCookies>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAntiforgery(forms => forms.SuppressXFrameOptionsHeader = true);
        services.AddOptions<AntiforgeryOptions>().Configure<PortalCookies>((forms, cookies) => forms.Cookie = new FormCookie(cookies));
        return services;
    }

    /// <summary>The session, and the cookies of Identity's other schemes, which are never given but deleted at every sign-out.</summary>
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
        /// A session from before there were prefixes counts no more. It is deleted when its person signs in again: proxies are told to
        /// refuse a request with two.
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
    /// The antiforgery cookie. It is marked for HTTPS here and not by the policy <c>Always</c>, with which antiforgery throws on every
    /// request that it takes for plain HTTP: behind a proxy that nobody named no page would open.
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

            // Not Strict: then a link followed from a mail would bring a new cookie, and every form left open would be void.
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
