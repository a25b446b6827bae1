using Microsoft.Extensions.Options;
using OtpPortal.Web;

namespace OtpPortal.ForwardAuth;

/// <summary>The services of the check for reverse proxies.</summary>
internal static class ForwardAuthSetup
{
    public static IServiceCollection AddForwardAuth(this IServiceCollection services) =>
        services.AddSingleton<IValidateOptions<ForwardAuthOptions>, ForwardAuthAddressValidator>();
}
