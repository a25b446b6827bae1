using Microsoft.Data.Sqlite;

namespace OtpPortal.Tests.Support;

/// <summary>Holds a database file as another process would that writes to it.</summary>
internal sealed class FileLock : IAsyncDisposable
{
    private readonly SqliteConnection connection;

    private FileLock(SqliteConnection connection) => this.connection = connection;

    /// <summary>Takes the lock for writing. Whoever only reads is not held up.</summary>
    public static async Task<FileLock> TakeAsync(string database)
    {
        var other = new SqliteConnection($"Data Source={database};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        var held = new FileLock(other);
        await held.ExecuteAsync("BEGIN IMMEDIATE");
        return held;
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync("ROLLBACK");
        await connection.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants, above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
