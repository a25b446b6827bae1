using Microsoft.AspNetCore.DataProtection;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The services of the database, and of the keys beside it.</summary>
internal static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseFile file)
    {
        services.AddStrictOptions<DatabaseOptions>(DatabaseOptions.Section);
        services.AddSingleton(file).AddSingleton<FileAccessCheck>().AddSingleton<WriteLane>().AddSingleton<BatchedDelete>();
        services.AddSingleton<DatabaseProbe>();
        services.AddDbContextFactory<PortalDbContext>(file.ConfigureReading);

        // The keys are files beside the database. A restart keeps sessions, forms and messages valid, and a copy of the database alone
        // cannot decrypt them.
        services.AddDataProtection().SetApplicationName("OtpPortal").PersistKeysToFileSystem(file.KeyFolder);
        return services;
    }
}
