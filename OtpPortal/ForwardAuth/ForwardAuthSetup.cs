using Microsoft.Extensions.Options;
using OtpPortal.Web;

namespace OtpPortal.ForwardAuth;

/// <summary>Answering a proxy that asks who somebody is, in front of other applications.</summary>
internal static class ForwardAuthSetup
{
    public static IServiceCollection AddForwardAuth(this IServiceCollection services) =>
        services.AddSingleton<IValidateOptions<ForwardAuthOptions>, ForwardAuthAddressValidator>();
}
