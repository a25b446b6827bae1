using Microsoft.Data.Sqlite;
using OtpPortal.Commands;

namespace OtpPortal.Tests.Admin;

/// <summary>The admin command on databases that no portal has open: good ones, missing ones, and those of others.</summary>
public sealed class AdminCommandDatabaseTests : AdminCommandTest
{
    [Fact]
    public async Task The_admin_command_needs_no_mail_server_and_no_running_portal()
    {
        var example = Path.Combine(folder.FullName, "app.db");
        await MakeExampleCommand.MakeAsync(example);

        Assert.Equal((0, "ann@example.com is now an administrator. People who are signed in do not have to sign in again.\n"),
            await RunAsync(example, "Production", ["grant", Ann]));
        Assert.Equal((0, "ann@example.com   last sign-in: never\n"), await RunAsync(example, "Production", ["list"]));
        Assert.Equal([example], Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public async Task The_admin_command_does_not_make_a_missing_database()
    {
        var missing = Path.Combine(folder.FullName, "app.db");

        Assert.Equal((1, $"There is no database at {missing}. Check ConnectionStrings:Portal, or start the portal: it makes one.\n"),
            await RunAsync(missing, "Development", ["grant", Ann]));

        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT MAX(MigrationId) FROM __EFMigrationsHistory)",
        "belongs to an earlier version of this program, or to none. Start the portal once")]
    [InlineData("DROP TABLE __EFMigrationsHistory", "belongs to an earlier version of this program, or to none.")]
    [InlineData("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '10.0.0')",
        "belongs to a later version of this program. Use that one.")]
    public async Task The_admin_command_leaves_a_database_of_another_version_alone(string change, string expected)
    {
        var other = Path.Combine(folder.FullName, "app.db");
        await MakeExampleCommand.MakeAsync(other);
        await using (var connection = new SqliteConnection($"Data Source={other};Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written above.
            command.CommandText = change;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var before = await File.ReadAllBytesAsync(other, Cancel);
        var (code, said) = await RunAsync(other, "Development", ["grant", Ann]);

        Assert.Equal(1, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(other, Cancel));
    }

    [Fact]
    public async Task The_admin_command_names_a_file_that_is_no_database_and_leaves_it_alone()
    {
        var list = Path.Combine(folder.FullName, "list.txt");
        await File.WriteAllTextAsync(list, new string('x', 5000), Cancel);

        var (code, said) = await RunAsync(list, "Development", ["list"]);

        Assert.Equal(1, code);
        Assert.StartsWith($"The database {list} cannot be used:", said, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(list).Length);
    }
}
