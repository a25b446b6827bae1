using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>What administrators see and do: people, the activity log and its statistics.</summary>
public static class AdminSetup
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddStrictOptions<ActivityOptions>(ActivityOptions.Section);
        services.AddSingleton<IValidateOptions<ActivityOptions>, ActivityOptionsValidator>();
        services.AddSingleton<ActivityCount>().AddSingleton<Statistics>().AddSingleton<ActivitySearch>();
        services.AddSingleton<People>().AddSingleton<RegistrationList>().AddSingleton<PeopleActions>();
        services.AddSingleton<IPurge, ActivityPurge>().AddSingleton<IPurge, ActivityTotalPurge>();
        services.AddHostedService<ActivityCountWorker>();
        return services;
    }
}
