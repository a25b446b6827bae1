using Microsoft.AspNetCore.DataProtection;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The database and what lies beside it.</summary>
public static class DataSetup
{
    /// <summary>Adds the database, its write lane, and the keys that protect cookies, forms and the outbox.</summary>
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseFile file)
    {
        services.AddStrictOptions<DatabaseOptions>(DatabaseOptions.Section);
        services.AddSingleton(file).AddSingleton<FileAccessCheck>().AddSingleton<WriteLane>().AddSingleton<BatchedDelete>();
        services.AddSingleton<DatabaseProbe>();
        services.AddDbContextFactory<PortalDbContext>(file.ConfigureReading);

        // In files beside the database: a restart loses no session, no form and no message; a copy of the database alone opens none of
        // them.
        services.AddDataProtection().SetApplicationName("OtpPortal").PersistKeysToFileSystem(file.KeyFolder);
        return services;
    }
}
