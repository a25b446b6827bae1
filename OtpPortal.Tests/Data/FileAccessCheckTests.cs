using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>
/// Files with addresses and keys in them are for their owner. On Windows rights are another thing, and nothing is checked.
/// </summary>
public sealed class FileAccessCheckTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-it's-");
    private readonly CollectedLogs logs = new();
    private readonly DatabaseFile file;

    public FileAccessCheckTests() => file = new DatabaseFile($"Data Source={Path.Combine(folder.FullName, "app.db")}", "/");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
        logs.Dispose();
    }

    [Theory]
    [InlineData("app.db", UnixFileMode.OtherRead)]
    [InlineData("app.db", UnixFileMode.OtherWrite)]
    [InlineData("app.db-wal", UnixFileMode.OtherRead)]
    [InlineData("app.db-shm", UnixFileMode.OtherRead)]
    [InlineData("app.db.otpkey", UnixFileMode.OtherRead)]
    [InlineData("app.db.keys", UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    [InlineData("app.db.keys/key-1.xml", UnixFileMode.OtherRead | UnixFileMode.GroupRead)]
    public async Task A_file_that_others_may_read_stops_the_start_with_the_command_that_fixes_it(string name, UnixFileMode opened)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are another thing on Windows.");
        var path = Open(name, opened);

        var refused = Assert.Throws<StartupException>(() => Check("Production"));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        var command = refused.Message[refused.Message.IndexOf("chmod", StringComparison.Ordinal)..];
        using (var shell = Process.Start("/bin/sh", ["-c", command]))
        {
            await shell.WaitForExitAsync(Cancel);
            Assert.Equal(0, shell.ExitCode);
        }

        Check("Production");
        Assert.Empty(logs.Lines);
    }

    [Fact]
    public void A_copy_of_the_example_database_is_made_private_in_Development_and_the_start_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are another thing on Windows.");
        var path = Open("app.db", UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Check("Development");

        Assert.Equal(Private, UnixRights.Of(path));
        Assert.Equal(LogLevel.Information, Assert.Single(logs.Lines).Level);
    }

    [Fact]
    public void Rights_of_the_group_on_a_file_are_logged_and_left_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are another thing on Windows.");
        var path = Open("app.db", UnixFileMode.GroupRead);

        Check("Production");

        Assert.Equal(Private | UnixFileMode.GroupRead, UnixRights.Of(path));
        var line = Assert.Single(logs.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("chmod g-rwx", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_the_portal_makes_are_private_whatever_the_umask()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are another thing on Windows.");
        await using var portal = new PortalHost { Environment = "Production" };
        for (var start = 0; start < 2; start++)
        {
            await using var node = new PortalHost { Environment = "Production", Database = portal.DatabasePath, Logs = logs };
            node.UseKestrel(0);
            await node.StartAsync();
            using var client = new HttpClient { BaseAddress = node.ClientOptions.BaseAddress };
            Assert.Contains("__Host-portal_form",
                (await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel)).Headers.GetValues("Set-Cookie").Single(),
                    StringComparison.Ordinal);
        }

        Assert.DoesNotContain(logs.Lines, line => line.Category == typeof(FileAccessCheck).FullName);
        Assert.True(Directory.GetFiles(portal.DatabasePath + ".keys", "*.xml").Length > 0);
    }

    private string Open(string name, UnixFileMode opened)
    {
        Directory.CreateDirectory(file.KeyFolder.FullName);
        foreach (var each in new[] { "app.db", "app.db-wal", "app.db-shm", "app.db.otpkey", "app.db.keys/key-1.xml" })
        {
            File.WriteAllText(Path.Combine(folder.FullName, each), "");
            UnixRights.Set(Path.Combine(folder.FullName, each), Private);
        }

        UnixRights.Set(file.KeyFolder.FullName, Private | UnixFileMode.UserExecute);
        var path = Path.Combine(folder.FullName, name);
        UnixRights.Set(path, UnixRights.Of(path) | opened);
        return path;
    }

    private void Check(string environment)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        new FileAccessCheck(file, new NamedEnvironment(environment), factory.CreateLogger<FileAccessCheck>()).Run();
    }
}
