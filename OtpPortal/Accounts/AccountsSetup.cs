using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>ASP.NET Core Identity as the portal uses it.</summary>
public static class AccountsSetup
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);

    /// <summary>Adds the use cases, and Identity below them.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddStrictOptions<PortalSignInOptions>(PortalSignInOptions.Section);
        services.AddStrictOptions<AdminOptions>(AdminOptions.Section);
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddSingleton<AdminCheck>().AddSingleton<Administrators>().AddSingleton<AccountProof>().AddSingleton<PasswordBudget>().AddSingleton<RefreshTokens>();
        services.AddSingleton<ExampleAccounts>();
        services.AddSingleton<Registration>().AddSingleton<SignIn>().AddSingleton<PasswordReset>().AddSingleton<MobileVerification>();
        services.AddSingleton<IPurge, AccountPurge>().AddSingleton<IPurge, PasswordBudgetPurge>().AddSingleton<IPurge, RefreshTokenPurge>();

        services.AddSingleton<ILookupNormalizer, AsStored>();
        services.AddSingleton<IPasswordHasher<PortalUser>, PortalPasswordHasher>();
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = PortalPasswordHasher.Iterations);
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
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Events.OnValidatePrincipal = ValidateAsync;
        });

        // A reset ends all other sessions at their next request, not half an hour later.
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero);
        return services;
    }

    /// <summary>
    /// Compares the session with its account, and renews it at most once an hour. If every answer carried a new session, one that comes late would bring
    /// back a session that was signed out meanwhile; and behind the portal every file of an application has such an answer.
    /// </summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        context.ShouldRenew = context.ShouldRenew && context.Options.TimeProvider!.GetUtcNow() - context.Properties.IssuedUtc >= RenewAfter;
    }

    /// <summary>Addresses are normalised by <see cref="EmailAddress"/> before they come here.</summary>
    private sealed class AsStored : ILookupNormalizer
    {
        public string? NormalizeEmail(string? email) => email;

        public string? NormalizeName(string? name) => name;
    }
}
