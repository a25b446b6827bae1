using Microsoft.Data.Sqlite;
using OtpPortal.Commands;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary><c>backup FILE</c> beside a portal that runs and writes.</summary>
public abstract class BackupCommandTest : IAsyncLifetime
{
    private protected readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-backup-");
    private protected readonly PortalHost portal = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected string Target => Path.Combine(folder.FullName, "copy.db");

    public ValueTask InitializeAsync() => portal.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static async Task AddAsync(PortalDbContext db, string email)
    {
        db.PasswordFailures.Add(new PasswordFailures { Email = email, Failures = 1 });
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>In this process, with the configuration of the portal that runs.</summary>
    private protected async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await BackupCommand.RunAsync(portal.Services, arguments, output), output.ToString());
    }
}
