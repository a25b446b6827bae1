using Microsoft.Data.Sqlite;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>A wrong <c>ConnectionStrings:Portal</c> stops the start with a sentence that names it.</summary>
public sealed class DatabaseFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-file-");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Data Source=")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=codes;Mode=Memory")]
    [InlineData("Cache=Shared")]
    public void A_connection_string_without_a_file_is_refused(string connection) =>
        AssertSays(connection, "names no file", Assert.Throws<StartupException>(() => new DatabaseFile(connection, folder.FullName)));

    [Theory]
    [InlineData("app.db")]
    [InlineData("Host=localhost;Database=portal")]
    [InlineData("Data Source=app.db;Mode=Sometimes")]
    [InlineData("Data Source=app.db;Foo=Bar")]
    public void Text_that_is_no_connection_string_of_SQLite_is_refused(string connection) =>
        AssertSays(connection, "is not a connection string of SQLite",
            Assert.Throws<StartupException>(() => new DatabaseFile(connection, folder.FullName)));

    [Fact]
    public async Task A_database_of_another_version_is_refused_with_the_name_of_its_unknown_migration()
    {
        var file = new DatabaseFile($"Data Source={Path.Combine(folder.FullName, "other.db")}", folder.FullName);
        await file.PrepareAsync();
        await using (var connection = await file.OpenForWritingAsync())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES ('20261121013306_Earlier', "
                + "'10.0.0')";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Assert.ThrowsAsync<StartupException>(file.PrepareAsync);

        Assert.Contains("was made by another version", refused.Message, StringComparison.Ordinal);
        Assert.Contains("20261121013306_Earlier", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_refused_as_a_database_file() =>
        await AssertCannotBeUsedAsync($"Data Source={folder.FullName}");

    [Fact]
    public void A_database_file_in_a_missing_folder_is_refused_and_the_folder_is_not_made()
    {
        var connection = $"Data Source={Path.Combine(folder.FullName, "missing", "app.db")}";

        // A typing error must not begin an empty database somewhere else.
        AssertSays(
            connection, "lies in a folder that does not exist", Assert.Throws<StartupException>(() => new DatabaseFile(connection, "/")));
        Assert.Empty(folder.GetDirectories());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var file = Path.Combine(folder.FullName, "letter.txt");
        var letter = string.Concat(Enumerable.Repeat("Dear Ann, this is no database. ", 100));
        await File.WriteAllTextAsync(file, letter, TestContext.Current.CancellationToken);

        await AssertCannotBeUsedAsync($"Data Source={file}");

        Assert.Equal(letter, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_read_only_database_is_refused()
    {
        var file = Path.Combine(folder.FullName, "app.db");
        await new DatabaseFile($"Data Source={file}", "/").PrepareAsync();

        await AssertCannotBeUsedAsync($"Data Source={file};Mode=ReadOnly");
    }

    [Fact]
    public async Task A_relative_database_path_is_relative_to_the_program_and_the_start_may_be_repeated()
    {
        var file = new DatabaseFile("Data Source=app.db", folder.FullName);

        await file.PrepareAsync();
        await file.PrepareAsync();

        Assert.Equal(Path.Combine(folder.FullName, "app.db"), file.Path);
        Assert.True(File.Exists(file.Path));
    }

    [Fact]
    public async Task The_database_file_is_in_WAL_mode_and_every_commit_is_on_disk()
    {
        var file = new DatabaseFile("Data Source=app.db", folder.FullName);
        await file.PrepareAsync();

        await using var connection = await file.OpenForWritingAsync();

        Assert.Equal("wal", await ScalarAsync(connection, "PRAGMA journal_mode"));

        // 2 is FULL: the write-ahead log is synchronised before a commit returns.
        Assert.Equal(2L, await ScalarAsync(connection, "PRAGMA synchronous"));
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'WriteProof'"));
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_database_file_and_the_folder_of_keys()
    {
        var file = new DatabaseFile("Data Source=app.db", folder.FullName);
        using (file.AcquireStartupLock())
        {
            await file.PrepareAsync();
        }

        var keys = file.KeyFolder;
        Assert.Equal(Path.Combine(folder.FullName, "app.db.keys"), keys.FullName);
        UnixRights.AssertEqual(UnixRights.OwnersFile, file.Path);
        UnixRights.AssertEqual(UnixRights.OwnersFolder, keys.FullName);
    }

    [Fact]
    public async Task A_start_that_was_killed_while_it_migrated_does_not_hold_up_the_next_one()
    {
        var file = new DatabaseFile("Data Source=app.db", folder.FullName);
        await using (var connection = await file.OpenForWritingAsync())
        {
            // What EF leaves behind then.
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY, Timestamp TEXT NOT NULL);
                INSERT INTO __EFMigrationsLock VALUES (1, '2026-03-01 12:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await file.PrepareAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static async Task AssertCannotBeUsedAsync(string connection) => AssertSays(
        connection, "cannot be used", await Assert.ThrowsAsync<StartupException>(() => new DatabaseFile(connection, "/").PrepareAsync()));

    private static void AssertSays(string connection, string why, StartupException refusal)
    {
        Assert.StartsWith($"ConnectionStrings:Portal is \"{connection}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Allowed: \"Data Source=FILE\"", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
