using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Support;

/// <summary>
/// The whole portal on a database file of its own, over real HTTP where a test asks for a client. It speaks the words of the
/// domain.
/// </summary>
public sealed class PortalHost : WebApplicationFactory<Program>
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-");
    private readonly Lock starting = new();
    private readonly Dictionary<string, string?> settings = new(StringComparer.Ordinal);

    /// <summary>The portal's clock; it stands still until the test moves it. Null for the real one.</summary>
    public TestClock? Clock { get; init; } = new();

    /// <summary>Whether the workers of purge and delivery run by themselves.</summary>
    public bool Workers { get; init; }

    /// <summary>What it runs as. Outside Development it has a mail server, which is not there.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>Where everything that is logged goes, at every level.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>Replaces services after the portal has added its own.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    public string DatabasePath => Database ?? Path.Combine(folder.FullName, "app.db");

    /// <summary>The database of another host, for a second node on it. Null for one of its own.</summary>
    public string? Database { get; init; }

    /// <summary>
    /// The services of the one portal, also where several threads ask at once: the factory by itself would start one for
    /// each.
    /// </summary>
    public override IServiceProvider Services
    {
        get
        {
            lock (starting)
            {
                return base.Services;
            }
        }
    }

    public OtpService Otp => Services.GetRequiredService<OtpService>();

    public WriteLane Lane => Services.GetRequiredService<WriteLane>();

    public IReadOnlyList<CapturedMessage> Inbox => Services.GetRequiredService<DevInbox>().Messages;

    /// <summary>Sets a key of the configuration, before the first use of the host.</summary>
    public PortalHost With(string key, string value)
    {
        settings[key] = value;
        return this;
    }

    /// <summary>Starts it, before several threads use it at once.</summary>
    public ValueTask StartAsync()
    {
        _ = Services;
        return ValueTask.CompletedTask;
    }

    /// <summary>Delivers what waits.</summary>
    public Task DeliverAsync() => Services.GetRequiredService<DeliveryPass>().RunAsync(CancellationToken.None);

    /// <summary>The newest code that was mailed to an address.</summary>
    public async Task<string> CodeForAsync(string email)
    {
        await DeliverAsync();
        return Inbox.First(message => message.To == email && message.Code is not null).Code!;
    }

    /// <summary>Makes hashes of passwords cheap: what is right or wrong does not depend on how slow a hash is.</summary>
    public static void HashQuickly(IServiceCollection services) =>
        services.PostConfigure<PasswordHasherOptions>(hashing => hashing.IterationCount = 10);

    /// <summary>A code that is not the right one.</summary>
    public static string Not(string code) => code == "000000" ? "000001" : "000000";

    public async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        ConfigureSettings(builder);
        builder.ConfigureLogging(ConfigureLogs);
        builder.ConfigureServices(ReplaceServices);
    }

    private void ConfigureSettings(IWebHostBuilder builder)
    {
        if (Environment != "Development")
        {
            builder.UseSetting("Email:Smtp:Host", "mail.invalid").UseSetting("Email:From", "Portal <no-reply@example.com>");
        }

        builder.UseSetting("ConnectionStrings:Portal", $"Data Source={DatabasePath}");
        builder.UseSetting("RateLimits:Enabled", "false");
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }
    }

    private void ConfigureLogs(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        if (Logs is not null)
        {
            logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        }
    }

    private void ReplaceServices(IServiceCollection services)
    {
        if (Clock is not null)
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        }

        if (!Workers)
        {
            services.RemoveAll<Microsoft.Extensions.Hosting.IHostedService>();
        }

        if (Logs is not null)
        {
            // The levels of appsettings.json name categories, and would win.
            services.PostConfigure<LoggerFilterOptions>(filter => filter.Rules.Clear());
        }

        Configure?.Invoke(services);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
