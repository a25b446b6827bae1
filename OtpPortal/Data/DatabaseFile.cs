using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>
/// The SQLite file: where it is, and how it is opened for reading and for writing. It runs in WAL, so that readers never wait for the
/// writer, and with <c>synchronous=FULL</c>, so that everything that was confirmed survives a power cut.
/// </summary>
public sealed class DatabaseFile
{
    /// <summary>Seconds that a reader waits for a lock of another process. Readers of a file in WAL hardly ever wait.</summary>
    private const int ReaderTimeout = 3;

    /// <summary>
    /// Seconds that the lane waits for another process before it fails the units that have waited too long. SQLite's default is 30.
    /// </summary>
    private const int LaneTimeout = 1;

    private readonly string configured;
    private readonly string readConnection;
    private readonly string laneConnection;
    private readonly string writeConnection;
    private readonly bool mayCreate;

    /// <param name="connectionString">The value of <c>ConnectionStrings:Portal</c>.</param>
    /// <param name="baseFolder">The folder to which a relative path in the connection string is relative.</param>
    /// <exception cref="StartupException">The connection string is not one of SQLite, or names no file.</exception>
    public DatabaseFile(string connectionString, string baseFolder)
    {
        configured = connectionString;
        var parts = Parse(connectionString);
        if (parts.DataSource is "" or ":memory:" || parts.Mode == SqliteOpenMode.Memory)
        {
            throw Refuse("names no file; codes kept in memory would be lost at a restart");
        }

        Path = System.IO.Path.GetFullPath(parts.DataSource, baseFolder);
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(Path)))
        {
            throw Refuse("lies in a folder that does not exist");
        }

        parts.DataSource = Path;
        mayCreate = parts.Mode == SqliteOpenMode.ReadWriteCreate;

        // Migrations and the lane hold one connection each, outside the pool: a pooled one might be a reader's, which refuses writes.
        writeConnection = new SqliteConnectionStringBuilder(parts.ToString()) { Pooling = false }.ToString();

        // Only the start creates a file. If the file disappears later, that must fail, and not become an empty database.
        parts.Mode = mayCreate ? SqliteOpenMode.ReadWrite : parts.Mode;
        parts.DefaultTimeout = ReaderTimeout;
        readConnection = parts.ToString();
        laneConnection = new SqliteConnectionStringBuilder(readConnection) { Pooling = false, DefaultTimeout = LaneTimeout }.ToString();
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The folder beside the file for the keys of cookies, forms and the outbox.</summary>
    public DirectoryInfo KeyFolder => new(Path + ".keys");

    /// <summary>Configures a context that reads. SQLite itself refuses a write on its connection.</summary>
    public void ConfigureReading(DbContextOptionsBuilder options) =>
        options.UseSqlite(readConnection).AddInterceptors(ReadOnlyInterceptor.Instance);

    /// <summary>Makes this process the only one that starts on the file, until the result is disposed.</summary>
    /// <exception cref="StartupException">The folder cannot be written, or another process does not finish its start.</exception>
    public async Task<StartupLock> AcquireStartupLockAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            CreatePrivately();
            return await StartupLock.TakeAsync(System.IO.Path.Combine(KeyFolder.FullName, "start.lock"), clock, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>Opens the file for its preparation, and creates it if it does not exist.</summary>
    internal Task<SqliteConnection> OpenForWritingAsync() => OpenDurableAsync(writeConnection);

    /// <summary>Opens the file for the write lane, which waits only briefly for other processes.</summary>
    internal async Task<SqliteConnection> OpenLaneAsync()
    {
        var connection = await OpenDurableAsync(laneConnection);

        // With this, SQLite itself tries the lock every few milliseconds. Its .NET library tries it every 150 ms, and would seldom find
        // it free beside a process that writes a lot.
        await ExecuteAsync(connection, $"PRAGMA busy_timeout={LaneTimeout * 1000};");
        return connection;
    }

    /// <summary>Opens the file that exists at <see cref="Path"/>, and creates none.</summary>
    internal async Task<SqliteConnection> OpenReadOnlyAsync()
    {
        var how = new SqliteConnectionStringBuilder(writeConnection) { Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = ReaderTimeout };
        var connection = new SqliteConnection(how.ToString());
        await connection.OpenAsync();
        await ExecuteAsync(connection, "PRAGMA query_only=1;");
        return connection;
    }

    internal static DbContextOptions<PortalDbContext> OptionsFor(SqliteConnection connection) =>
        new DbContextOptionsBuilder<PortalDbContext>().UseSqlite(connection).Options;

    // Only the owner may read file and folder, which hold addresses and keys. SQLite gives its side files the mode of the file.
    private void CreatePrivately()
    {
        if (OperatingSystem.IsWindows())
        {
            KeyFolder.Create();
            return;
        }

        Directory.CreateDirectory(KeyFolder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!File.Exists(Path) && mayCreate)
        {
            new FileStream(Path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
    }

    private static async Task<SqliteConnection> OpenDurableAsync(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            await ExecuteAsync(connection, "PRAGMA synchronous=FULL;");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private SqliteConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException failure)
        {
            throw Refuse($"is not a connection string of SQLite: {failure.Message}", failure);
        }
    }

    /// <summary>The error that names the key, its value and what is allowed.</summary>
    internal StartupException Refuse(string why, Exception? cause = null) => new(
        $"ConnectionStrings:Portal is \"{configured}\", which {why.TrimEnd('.')}. "
        + "Allowed: \"Data Source=FILE\", a file in a folder that exists and that this user may write.",
        cause);
}
