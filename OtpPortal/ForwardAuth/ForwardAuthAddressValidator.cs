using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.Web;

namespace OtpPortal.ForwardAuth;

/// <summary>
/// Refuses applications from which people could not be sent to the portal, or to which they would return without a session. It checks
/// <c>ForwardAuth</c> together with <c>Portal</c>.
/// </summary>
internal sealed class ForwardAuthAddressValidator(IOptions<PortalOptions> portal) : IValidateOptions<ForwardAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardAuthOptions options)
    {
        var hosts = options.Hosts.Where(ForwardAuthOptions.IsHost).ToList();
        if (hosts.Count == 0 && options.SharedDomain is null)
        {
            return ValidateOptionsResult.Success;
        }

        if (!Uri.TryCreate(portal.Value.Address, UriKind.Absolute, out var address))
        {
            return ValidateOptionsResult.Fail(
                "Portal:Address is not set, and ForwardAuth sends people there to sign in. Allowed: the portal's public address, like "
                    + "https://portal.example.com.");
        }

        if (options.SharedDomain is { } domain)
        {
            return !ForwardAuthOptions.IsHost(domain) || ForwardAuthOptions.IsWithin(address.Host, domain)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"ForwardAuth:CookieDomain is \"{domain}\", and the portal's own host {address.Host} (Portal:Address) is not within "
                        + "it: browsers would refuse the session. Allowed: a domain that both share.");
        }

        var faults = hosts.Where(host => !new Uri($"https://{host}/").Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase))
            .Select(host =>
                $"ForwardAuth:AllowedHosts has \"{host}\", which is another host than the portal's {address.Host}, and "
                    + "ForwardAuth:CookieDomain is not set: it would never see the session. "
                    + "Allowed: set ForwardAuth:CookieDomain to the domain that both share.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
