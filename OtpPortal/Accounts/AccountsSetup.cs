using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>ASP.NET Core Identity as the portal uses it.</summary>
public static class AccountsSetup
{
    /// <summary>Adds the use cases, and Identity below them.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddStrictOptions<PortalSignInOptions>(PortalSignInOptions.Section);
        services.AddStrictOptions<AdminOptions>(AdminOptions.Section);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddSingleton<AdminCheck>().AddSingleton<AccountProof>().AddSingleton<PasswordBudget>().AddSingleton<RefreshTokens>();
        services.AddSingleton<Registration>().AddSingleton<SignIn>().AddSingleton<PasswordReset>().AddSingleton<MobileVerification>();
        services.AddSingleton<IPurge, AccountPurge>().AddSingleton<IPurge, PasswordBudgetPurge>().AddSingleton<IPurge, RefreshTokenPurge>();

        services.AddSingleton<ILookupNormalizer, AsStored>();
        services.AddSingleton<IPasswordHasher<PortalUser>, PortalPasswordHasher>();
        services.AddIdentityCore<PortalUser>().AddEntityFrameworkStores<PortalDbContext>().AddSignInManager().AddClaimsPrincipalFactory<PortalClaims>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/login";

            // Signed in, but not allowed: a page that says so, and no redirect.
            cookie.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.Cookie.Name = "portal_session";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
        });

        // A reset ends all other sessions at their next request, not half an hour later.
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero);
        return services;
    }

    /// <summary>Addresses are normalised by <see cref="EmailAddress"/> before they come here.</summary>
    private sealed class AsStored : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email;

        public string? NormalizeName(string? name) => name;
    }
}
