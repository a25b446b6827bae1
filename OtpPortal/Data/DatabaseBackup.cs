using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>
/// Copies the database while others write to it. <c>VACUUM INTO</c> copies what was committed when it began, in one read that neither
/// blocks writers nor waits for them. SQLite's online backup starts again whenever another process writes.
/// </summary>
internal sealed class DatabaseBackup(DatabaseFile file)
{
    /// <summary>Copies the database to a file that does not exist yet, and checks the copy before it gets its name.</summary>
    /// <param name="target">The full path.</param>
    /// <exception cref="InvalidDataException">The copy is damaged, and was removed.</exception>
    /// <exception cref="Exception">The database cannot be read, or the copy cannot be written.</exception>
    public async Task<BackupResult> CopyAsync(string target)
    {
        var temporary = $"{target}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}.tmp";
        try
        {
            // SQLite writes into an empty file. The file is created here, so that only its owner can read it from the beginning.
            MakePrivately(temporary);
            var before = await CountAsync(file.Path);
            await CopyDatabaseAsync(temporary);
            var copied = await CountAsync(temporary);
            await CheckAsync(temporary);
            Compare(before, copied, await CountAsync(file.Path));
            var size = Flush(temporary);
            File.Move(temporary, target, overwrite: false);
            return new BackupResult(size, copied.Values.Sum(), copied.GetValueOrDefault("AspNetUsers"));
        }
        finally
        {
            File.Delete(temporary);
            File.Delete($"{temporary}-journal");
        }
    }

    private static void MakePrivately(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }

    private async Task CopyDatabaseAsync(string path)
    {
        await using var source = await OpenAsync(file.Path);
        await using var command = source.CreateCommand();
        command.CommandText = "VACUUM INTO @path";
        command.Parameters.AddWithValue("@path", path);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task CheckAsync(string path)
    {
        await using var copy = await OpenAsync(path);
        var found = await ColumnAsync(copy, "PRAGMA integrity_check", row => row.GetString(0));
        if (found is not ["ok"])
        {
            throw new InvalidDataException($"The copy is damaged: {string.Join("; ", found)}");
        }

        await using var db = new PortalDbContext(DatabaseFile.OptionsFor(copy));
        if (!(await db.Database.GetAppliedMigrationsAsync()).SequenceEqual(db.Database.GetMigrations(), StringComparer.Ordinal))
        {
            throw new InvalidDataException("The copy has not the schema of this program.");
        }
    }

    /// <summary>The number of rows of every table.</summary>
    private static async Task<Dictionary<string, long>> CountAsync(string path)
    {
        await using var connection = await OpenAsync(path);
        var tables = await ColumnAsync(
            connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", row => row.GetString(0));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            counts[table] = (await ColumnAsync(connection, $"SELECT COUNT(*) FROM \"{table}\"", row => row.GetInt64(0)))[0];
        }

        return counts;
    }

    // The portal goes on writing during the copy, so that the numbers differ a little. A copy with less than half of the rows is
    // incomplete.
    private static void Compare(Dictionary<string, long> before, Dictionary<string, long> copied, Dictionary<string, long> after)
    {
        foreach (var (table, rows) in before)
        {
            var least = Math.Min(rows, after.GetValueOrDefault(table)) / 2;
            var have = copied.GetValueOrDefault(table, -1);
            if (have < least)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"The copy has {Math.Max(have, 0)} rows of {table}, of which the database has {rows}."));
            }
        }
    }

    // VACUUM INTO itself does not flush the file to the disk.
    private static long Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
        return stream.Length;
    }

    private static async Task<SqliteConnection> OpenAsync(string path)
    {
        var how = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 3,
        };
        var connection = new SqliteConnection(how.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<List<T>> ColumnAsync<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program, and names of its tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        var values = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            values.Add(read(reader));
        }

        return values;
    }
}

/// <summary>A finished copy.</summary>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Rows">The rows of all tables.</param>
/// <param name="Accounts">The accounts, verified or not.</param>
internal sealed record BackupResult(long Bytes, long Rows, long Accounts);
