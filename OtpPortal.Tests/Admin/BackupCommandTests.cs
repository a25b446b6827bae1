using OtpPortal.Commands;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>What the backup command writes, prints and refuses.</summary>
public sealed class BackupCommandTests : BackupCommandTest
{
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

    /// <summary>In production, where a portal needs a mail server; the command needs none.</summary>
    private static Task<(int Code, string Said)> RunAsync(params string[] arguments) =>
        PortalCommand.RunAsync("Production", [BackupCommand.Command, .. arguments]);
}
