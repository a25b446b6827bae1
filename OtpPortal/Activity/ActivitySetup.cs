using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Activity;

/// <summary>The services of the activity log and of the figures that are counted from it.</summary>
internal static class ActivitySetup
{
    public static IServiceCollection AddActivity(this IServiceCollection services)
    {
        services.AddStrictOptions<ActivityOptions>(ActivityOptions.Section);
        services.AddSingleton<IValidateOptions<ActivityOptions>, ActivityOptionsValidator>();
        services.AddMetrics();
        services.AddSingleton<ActivityMetrics>().AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<ActivityMetrics>());
        services.AddSingleton<ActivityRollup>().AddSingleton<ActivitySearch>().AddSingleton<IPurgeLog, PurgeLog>();
        services.AddSingleton<IPurge, ActivityPurge>().AddSingleton<IPurge, ActivityTotalPurge>();
        services.AddHostedService<ActivityRollupWorker>();
        return services;
    }
}
