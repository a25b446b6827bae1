using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Sets up ASP.NET Core Identity and the use cases of accounts.</summary>
internal static class AccountsSetup
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddStrictOptions<PortalSignInOptions>(PortalSignInOptions.Section);
        services.AddStrictOptions<AdminOptions>(AdminOptions.Section);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddStrictOptions<SessionOptions>(SessionOptions.Section);
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddSingleton<AdminCheck>().AddSingleton<Administrators>().AddSingleton<ExampleAccounts>();
        services.AddSingleton<PasswordThrottle>().AddSingleton<TextLimits>();
        services.AddSingleton<Sessions>().AddSingleton<RefreshTokens>().AddSingleton<LoginTokens>().AddSingleton<AccessRevocation>()
            .AddSingleton<AccountDeletion>();
        services.AddSingleton<PendingRegistrations>().AddSingleton<AccountVerification>();
        services.AddSingleton<Registration>().AddSingleton<PasswordSignIn>().AddSingleton<PasswordReset>().AddSingleton<AccountMobiles>();
        services.AddSingleton<AccountCodes>().AddSingleton<AccountRecipients>();
        services.AddSingleton<ICodeHandler, VerifyEmailCodes>().AddSingleton<ICodeHandler, VerifyMobileCodes>()
            .AddSingleton<ICodeHandler, SignInCodes>().AddSingleton<ICodeHandler, ResetPasswordCodes>();
        services.AddSingleton<IIdentifierOwners, IdentifierOwners>();
        services.AddSingleton<IPurge, PendingRegistrationPurge>().AddSingleton<IPurge, PasswordThrottlePurge>();
        services.AddSingleton<IPurge, SessionPurge>().AddSingleton<IPurge, LoginTokenPurge>();

        services.AddSingleton<ILookupNormalizer, AsStored>();
        services.AddSingleton<IPasswordHasher<PortalUser>, PortalPasswordHasher>().AddSingleton<PasswordHashing>();
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = PortalPasswordHasher.Iterations);
        services.AddIdentityCore<PortalUser>().AddEntityFrameworkStores<PortalDbContext>().AddSignInManager()
            .AddClaimsPrincipalFactory<PortalClaims>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(Configure);
        return services;
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.LoginPath = "/login";

        // A signed-in person without the role gets an error page instead of a redirect to the sign-in page.
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        cookie.ReturnUrlParameter = "returnUrl";

        // The session's row decides when the session ends, so the cookie only has to outlast it. The cookie is never renewed, because a
        // late response could restore a cookie that was deleted in the meantime.
        cookie.ExpireTimeSpan = TimeSpan.FromDays(366);
        cookie.SlidingExpiration = false;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
    }

    /// <summary>Leaves names unchanged, because <see cref="EmailAddress"/> has already normalised them.</summary>
    private sealed class AsStored : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email;

        public string? NormalizeName(string? name) => name;
    }
}
