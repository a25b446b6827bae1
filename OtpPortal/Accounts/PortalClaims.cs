using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// Creates the claims of a session. They are created for every request, so that a granted or revoked role takes effect at once.
/// </summary>
internal sealed class PortalClaims(UserManager<PortalUser> users,
    IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<PortalUser>(users, options)
{
    public const string Admin = "Admin";

    public static IReadOnlyList<string> RolesOf(PortalUser user) => user.IsAdmin ? [Admin] : [];

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PortalUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaims(RolesOf(user).Select(role => new Claim(identity.RoleClaimType, role)));
        return identity;
    }
}
