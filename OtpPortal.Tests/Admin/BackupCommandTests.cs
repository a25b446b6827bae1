using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Commands;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary><c>backup FILE</c> beside a portal that runs and writes.</summary>
public sealed class BackupCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-backup-");
    private readonly PortalHost portal = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(folder.FullName, "copy.db");

    public ValueTask InitializeAsync() => portal.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_backup_beside_a_constant_writer_ends_and_has_all_that_was_answered_before_it_began()
    {
        await FillAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var answered = 0;
        var writer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await portal.Lane.RunAsync(db => AddAsync(db, $"new{answered}@example.com"), Cancel);
                    Interlocked.Increment(ref answered);
                }
            },
            Cancel);
        while (Volatile.Read(ref answered) < 50)
        {
            await Task.Delay(1, Cancel);
        }

        var before = Volatile.Read(ref answered);
        var watch = Stopwatch.StartNew();
        var (code, said) = await SayAsync(Target);
        var during = Volatile.Read(ref answered) - before;
        await stop.CancelAsync();
        await writer;

        Assert.True(code == 0, said);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.True(during > 10, $"Only {during} writes ended while the backup ran.");
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder.FullName));

        await AssertRestoredAsync(answered: before);
    }

    [Fact]
    public async Task The_backup_command_writes_a_file_for_its_owner_alone_and_names_the_keys()
    {
        await portal.Lane.RunAsync(db => AddAsync(db, "ann@example.com"), Cancel);

        var (code, said) = await RunAsync(Target, "--ConnectionStrings:Portal", $"Data Source={portal.DatabasePath}");

        Assert.True(code == 0, said);
        Assert.StartsWith($"{portal.DatabasePath} is saved in {Target}: ", said, StringComparison.Ordinal);
        Assert.Contains("0 accounts. It was checked", said, StringComparison.Ordinal);
        Assert.Contains($"cp -p \"{portal.DatabasePath}.otpkey\" SAFE/", said, StringComparison.Ordinal);
        Assert.Contains($"cp -pr \"{portal.DatabasePath}.keys\" SAFE/", said, StringComparison.Ordinal);
        UnixRights.AssertEqual(UnixRights.OwnersFile, Target);
    }

    [Fact]
    public async Task A_backup_overwrites_nothing()
    {
        await File.WriteAllTextAsync(Target, "precious", Cancel);

        Assert.Equal((1, $"{Target} already exists, and a backup does not overwrite files. Remove it first, or choose another file.\n"),
            await SayAsync(Target));
        Assert.Equal("precious", await File.ReadAllTextAsync(Target, Cancel));
    }

    [Fact]
    public async Task A_backup_to_an_unusable_place_names_it()
    {
        var missing = Path.Combine(folder.FullName, "missing");
        Assert.Equal((1, $"The folder {missing} does not exist. Create it first, or choose another one.\n"),
            await SayAsync(Path.Combine(missing, "copy.db")));
        Assert.Equal((1, $"{folder.FullName} is a folder. Enter the path of a file.\n"), await SayAsync(folder.FullName));
        Assert.Equal(
            (1, $"{portal.DatabasePath} already exists, and a backup does not overwrite files. Remove it first, or choose another file.\n"),
                await SayAsync(portal.DatabasePath));
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_backup_to_a_folder_where_nobody_may_write_saves_nothing_and_names_it()
    {
        // Nobody, not even root, makes files there.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is there on Linux alone.");
        var (code, said) = await SayAsync("/proc/copy.db");
        Assert.Equal(1, code);
        Assert.StartsWith("Nothing was saved: ", said, StringComparison.Ordinal);
        Assert.Contains($"Check that this user may read {portal.DatabasePath} and write /proc", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("a", "b")]
    public async Task A_wrong_backup_command_prints_its_usage(params string[] arguments)
    {
        var (code, said) = await SayAsync(arguments);

        Assert.Equal(1, code);
        Assert.StartsWith("Write: backup FILE", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_without_a_database_makes_nothing()
    {
        var missing = Path.Combine(folder.FullName, "app.db");

        var (code, said) = await RunAsync(Target, "--ConnectionStrings:Portal", $"Data Source={missing}");

        Assert.Equal(
            (1, $"There is no database at {missing}. Check ConnectionStrings:Portal, or start the portal: it makes one.\n"), (code, said));
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_backup_of_a_damaged_database_makes_no_copy()
    {
        // Of a stopped portal: what lies beside the file is in it.
        var damaged = Path.Combine(folder.FullName, "damaged.db");
        var file = new DatabaseFile($"Data Source={damaged}", "/");
        await file.PrepareAsync();
        await using (var lane = new WriteLane(file, TimeProvider.System))
        {
            for (var i = 0; i < 200; i++)
            {
                await lane.RunAsync(db => AddAsync(db, $"{i}-{new string('x', 500)}@example.com"), Cancel);
            }
        }

        await using (var stream = new FileStream(damaged, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = stream.Length - (20 * 4096);
            stream.Write(Enumerable.Repeat((byte)0x5a, 16 * 4096).ToArray());
        }

        await Assert.ThrowsAnyAsync<Exception>(() => new DatabaseBackup(file).CopyAsync(Target));
        Assert.False(File.Exists(Target));
        Assert.DoesNotContain(folder.GetFiles(), left => left.Name.Contains(".tmp", StringComparison.Ordinal));
    }

    /// <summary>As large as a portal that was used for a while: a copy takes many writes' time.</summary>
    private Task FillAsync() => portal.Lane.RunAsync(
        db => db.QueryAsync(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO PasswordFailures (Email, "
                + "Failures, LastFailureAt) SELECT 'old' || i || '@example.com', 1, 0 FROM n RETURNING 1",
            row => row.GetInt64(0)),
        Cancel);

    /// <summary>The backup is restored as the docs say: put in place, and opened by a portal.</summary>
    private async Task AssertRestoredAsync(int answered)
    {
        await using var restored = new PortalHost { Database = Target };
        await restored.StartAsync();
        var emails = (await restored.ReadAsync(db => db.PasswordFailures.Select(row => row.Email).ToListAsync(Cancel))).ToHashSet(
            StringComparer.Ordinal);
        Assert.Equal(100_000, emails.Count(email => email.StartsWith("old", StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(0, answered), i => Assert.Contains($"new{i}@example.com", emails));
        await restored.Lane.RunAsync(db => AddAsync(db, "afterwards@example.com"), Cancel);
    }

    private static async Task AddAsync(PortalDbContext db, string email)
    {
        db.PasswordFailures.Add(new PasswordFailures { Email = email, Failures = 1 });
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>In this process, with the configuration of the portal that runs.</summary>
    private async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await BackupCommand.RunAsync(portal.Services, arguments, output), output.ToString());
    }

    /// <summary>In production, where a portal needs a mail server; the command needs none.</summary>
    private static Task<(int Code, string Said)> RunAsync(params string[] arguments) =>
        PortalCommand.RunAsync("Production", [BackupCommand.Command, .. arguments]);
}
