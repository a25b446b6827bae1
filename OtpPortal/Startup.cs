using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Otp;

namespace OtpPortal;

/// <summary>The checks and preparations before the portal answers its first request.</summary>
internal static class Startup
{
    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Checks the whole configuration and brings the database to the current schema.</summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        app.Services.CheckConfiguration();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var file = app.Services.GetRequiredService<DatabaseFile>();
        app.Services.GetRequiredService<FileAccessCheck>().Run();
        using var alone = await file.AcquireStartupLockAsync(
            app.Services.GetRequiredService<TimeProvider>(), app.Lifetime.ApplicationStopping);
        await file.PrepareAsync();
        app.Services.GetRequiredService<HashKey>();
        await WarmUpAsync(app);
    }

    /// <summary>
    /// Runs one unit of work, so that the first request does not wait for the compilation of the database code. On a slow machine that
    /// takes longer than the second after which the write lane refuses work. A busy database does not keep the portal from starting; the
    /// health check reports it.
    /// </summary>
    private static async Task WarmUpAsync(WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<WriteLane>().RunUrgentAsync(db => db.Users.AnyAsync()).WaitAsync(WarmUpTimeout);
        }
        catch (Exception failure) when (failure is TimeoutException or ServiceUnavailableException)
        {
            app.Logger.LogWarning(failure, "The database was busy at the start");
        }
    }
}
