using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>
/// The SQLite file: where it is, how it is opened for reading and for writing, and the check at start that it can be.
/// It runs in WAL, so readers never wait for the writer, and with <c>synchronous=FULL</c>, so what was answered survives a power cut.
/// </summary>
public sealed class DatabaseFile
{
    /// <summary>Seconds that a reader waits for a lock of another process; readers of a file in WAL hardly ever do.</summary>
    private const int ReaderTimeout = 3;

    /// <summary>Seconds that the lane waits for another process before it looks whom to tell. SQLite would wait 30.</summary>
    private const int LaneTimeout = 1;

    private readonly string configured;
    private readonly string readConnection;
    private readonly string laneConnection;
    private readonly string writeConnection;
    private readonly bool mayCreate;

    /// <param name="connectionString">As configured in <c>ConnectionStrings:Portal</c>.</param>
    /// <param name="baseFolder">What a relative path in it is relative to.</param>
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

        // Migrations and the lane hold one connection each, of their own: a pooled one might come back as a read-only one.
        writeConnection = new SqliteConnectionStringBuilder(parts.ToString()) { Pooling = false }.ToString();

        // Only the start makes a file. If it is gone afterwards, that must show, and not become an empty database.
        parts.Mode = mayCreate ? SqliteOpenMode.ReadWrite : parts.Mode;
        parts.DefaultTimeout = ReaderTimeout;
        readConnection = parts.ToString();
        laneConnection = new SqliteConnectionStringBuilder(readConnection) { Pooling = false, DefaultTimeout = LaneTimeout }.ToString();
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>The folder beside the file for the keys of cookies, forms and the outbox.</summary>
    public DirectoryInfo KeyFolder => new(Path + ".keys");

    /// <summary>Configures a context that reads. SQLite itself refuses a write on its connection.</summary>
    public void ConfigureReading(DbContextOptionsBuilder options) =>
        options.UseSqlite(readConnection).AddInterceptors(ReadOnly.Instance);

    /// <summary>Makes this process the only one that starts on the file, until the result is disposed.</summary>
    /// <exception cref="StartupException">The folder cannot be written, or another process does not finish its start.</exception>
    public async Task<StartupLock> AcquireStartupLockAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            MakePrivately();
            return await StartupLock.TakeAsync(System.IO.Path.Combine(KeyFolder.FullName, "start.lock"), clock, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Brings the file to the current schema, and proves that it can be written. To be called between
    /// <see cref="AcquireStartupLockAsync"/> and its end.
    /// </summary>
    /// <exception cref="StartupException">It cannot be opened, is no database, or cannot be written.</exception>
    public async Task PrepareAsync()
    {
        try
        {
            await using var connection = await OpenForWritingAsync();
            await ExecuteAsync(connection, "PRAGMA journal_mode=WAL;");
            await using (var proof = connection.BeginTransaction(deferred: false))
            {
                await ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS WriteProof (Id INTEGER);");
            }

            await using var db = new PortalDbContext(OptionsFor(connection));
            var foreign = (await db.Database.GetAppliedMigrationsAsync()).Except(db.Database.GetMigrations(), StringComparer.Ordinal)
                .ToList();
            if (foreign.Count > 0)
            {
                throw new StartupException(
                    $"The database {Path} was made by another version of this program: it has {foreign[^1]}, which this version does not "
                        + "know. "
                    + "Start the version that made it, or name another file in ConnectionStrings:Portal.");
            }

            if ((await db.Database.GetPendingMigrationsAsync()).Any())
            {
                await MigrateAsync(db);
            }
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Refuse($"cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Why a command beside the portal cannot use the file, in words, or null if it can. Nothing is made or changed: that is the
    /// portal's.
    /// </summary>
    public async Task<string?> CheckUsableAsync()
    {
        if (!File.Exists(Path))
        {
            return $"There is no database at {Path}. Check ConnectionStrings:Portal, or start the portal: it makes one.";
        }

        try
        {
            await using var connection = await OpenReadOnlyAsync();
            await using var db = new PortalDbContext(OptionsFor(connection));
            var known = db.Database.GetMigrations().ToList();
            var applied = (await db.Database.GetAppliedMigrationsAsync()).ToList();
            return applied.Except(known, StringComparer.Ordinal).Any()
                ? $"The database {Path} belongs to a later version of this program. Use that one."
                : known.Except(applied, StringComparer.Ordinal).Any()
                    ? $"The database {Path} belongs to an earlier version of this program, or to none. Start the portal once: it brings "
                        + "it up to date."
                    : null;
        }
        catch (SqliteException failure)
        {
            return $"The database {Path} cannot be used: {failure.Message} Check ConnectionStrings:Portal, and that this user may read "
                + "and write the file.";
        }
    }

    /// <summary>Opens the file for its preparation, and makes it if it is not there.</summary>
    internal Task<SqliteConnection> OpenForWritingAsync() => OpenDurableAsync(writeConnection);

    /// <summary>Opens the file for the write lane, which waits for nobody for long.</summary>
    internal async Task<SqliteConnection> OpenLaneAsync()
    {
        var connection = await OpenDurableAsync(laneConnection);

        // SQLite itself then looks for the lock every few milliseconds. Its .NET library looks every 150, and beside a process that
        // writes a lot would seldom
        // find it free.
        await ExecuteAsync(connection, $"PRAGMA busy_timeout={LaneTimeout * 1000};");
        return connection;
    }

    /// <summary>Opens the file that lies at <see cref="Path"/> now, and makes none.</summary>
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

    // File and folder for their owner only: they hold addresses and keys. SQLite gives its side files the file's own mode.
    private void MakePrivately()
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

    private static async Task MigrateAsync(PortalDbContext db)
    {
        // EF keeps its lock as a row, which a process that is killed leaves behind, and every later start would wait for it for ever.
        // Under our own lock a row that is there belongs to nobody.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock");
        await db.Database.MigrateAsync();
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

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
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

    private StartupException Refuse(string why, Exception? cause = null) => new(
        $"ConnectionStrings:Portal is \"{configured}\", which {why.TrimEnd('.')}. "
        + "Allowed: \"Data Source=FILE\", a file in a folder that exists and that this user may write.",
        cause);

    private sealed class ReadOnly : DbConnectionInterceptor
    {
        public static readonly ReadOnly Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            Set(connection).ExecuteNonQuery();

        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default) =>
            await Set(connection).ExecuteNonQueryAsync(cancellationToken);

        private static DbCommand Set(DbConnection connection)
        {
            var command = connection.CreateCommand();
            command.CommandText = "PRAGMA query_only=1;";
            return command;
        }
    }
}
