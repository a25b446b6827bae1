using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>
/// What a session says of its person. It is made anew with every request, so a role that is given or taken counts at
/// once.
/// </summary>
public sealed class PortalClaims(UserManager<PortalUser> users,
    IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<PortalUser>(users, options)
{
    /// <summary>The role of administrators.</summary>
    public const string Admin = "Admin";

    /// <summary>The roles of an account.</summary>
    public static IReadOnlyList<string> RolesOf(PortalUser user) => user.IsAdmin ? [Admin] : [];

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PortalUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaims(RolesOf(user).Select(role => new Claim(identity.RoleClaimType, role)));
        return identity;
    }
}
