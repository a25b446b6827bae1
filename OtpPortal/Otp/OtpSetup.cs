using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

internal static class OtpSetup
{
    public static IServiceCollection AddOtp(this IServiceCollection services)
    {
        services.AddStrictOptions<OtpOptions>(OtpOptions.Section);
        services.AddSingleton<IValidateOptions<OtpOptions>, OtpOptionsValidator>();
        services.AddSingleton(RandomNumberGenerator.Create());
        services.AddSingleton(provider => HashKey.Load(
            provider.GetRequiredService<IOptions<OtpOptions>>().Value.HashKey,
            provider.GetRequiredService<DatabaseFile>().Path + ".otpkey"));
        services.AddSingleton<CodeGenerator>().AddSingleton<CodeHasher>().AddSingleton<OtpStore>().AddSingleton<OtpRules>();
        services.AddSingleton<FailedEntries>().AddSingleton<OtpService>().AddSingleton<CodeLocks>();
        services.AddSingleton<SendCounters>();
        services.AddSingleton<IPurge, CodePurge>().AddSingleton<IPurge, SendCounterPurge>();
        services.AddSingleton(provider => new PurgeSchedule(provider.GetRequiredService<IOptions<OtpOptions>>().Value.PurgeInterval));
        services.AddHostedService<PurgeWorker>();
        return services;
    }
}
