using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The schema of the database file: its migrations, and the check that a file belongs to this version of the program.</summary>
internal static class DatabaseSchema
{
    /// <summary>
    /// Brings the file to the current schema, and proves that it can be written. The caller holds the lock of
    /// <see cref="DatabaseFile.AcquireStartupLockAsync"/>.
    /// </summary>
    /// <exception cref="StartupException">The file cannot be opened, is no database, or cannot be written.</exception>
    public static async Task PrepareAsync(this DatabaseFile file)
    {
        try
        {
            await using var connection = await file.OpenForWritingAsync();
            await DatabaseFile.ExecuteAsync(connection, "PRAGMA journal_mode=WAL;");
            await using (connection.BeginTransaction(deferred: false))
            {
                // The transaction is rolled back: that the statement succeeded is the proof.
                await DatabaseFile.ExecuteAsync(connection, "CREATE TABLE IF NOT EXISTS WriteProof (Id INTEGER);");
            }

            await using var db = new PortalDbContext(DatabaseFile.OptionsFor(connection));
            await RefuseOtherVersionAsync(db, file.Path);
            if ((await db.Database.GetPendingMigrationsAsync()).Any())
            {
                await MigrateAsync(db);
            }
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw file.Refuse($"cannot be used: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Why a command that runs beside the portal cannot use the file, in words, or null if it can. Only the portal creates and migrates
    /// the file.
    /// </summary>
    public static async Task<string?> CheckUsableAsync(this DatabaseFile file)
    {
        var path = file.Path;
        if (!File.Exists(path))
        {
            return $"There is no database at {path}. Check ConnectionStrings:Portal, or start the portal: it makes one.";
        }

        try
        {
            await using var connection = await file.OpenReadOnlyAsync();
            await using var db = new PortalDbContext(DatabaseFile.OptionsFor(connection));
            var known = db.Database.GetMigrations().ToList();
            var applied = (await db.Database.GetAppliedMigrationsAsync()).ToList();
            return applied.Except(known, StringComparer.Ordinal).Any()
                ? $"The database {path} belongs to a later version of this program. Use that one."
                : known.Except(applied, StringComparer.Ordinal).Any()
                    ? $"The database {path} belongs to an earlier version of this program, or to none. Start the portal once: it brings "
                        + "it up to date."
                    : null;
        }
        catch (SqliteException failure)
        {
            return $"The database {path} cannot be used: {failure.Message} Check ConnectionStrings:Portal, and that this user may read "
                + "and write the file.";
        }
    }

    private static async Task RefuseOtherVersionAsync(PortalDbContext db, string path)
    {
        var applied = await db.Database.GetAppliedMigrationsAsync();
        if (applied.Except(db.Database.GetMigrations(), StringComparer.Ordinal).LastOrDefault() is { } foreign)
        {
            throw new StartupException(
                $"The database {path} was made by another version of this program: it has {foreign}, which this version does not know. "
                + "Start the version that made it, or name another file in ConnectionStrings:Portal.");
        }
    }

    private static async Task MigrateAsync(PortalDbContext db)
    {
        // EF keeps its lock as a row, which a process that is killed leaves behind, and every later start would wait for it for ever.
        // Under the startup lock, a row that is there belongs to nobody.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock");
        await db.Database.MigrateAsync();
    }
}
