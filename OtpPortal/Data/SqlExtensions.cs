using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace OtpPortal.Data;

/// <summary>Runs SQL with named parameters on a context's connection and inside its transaction.</summary>
internal static class SqlExtensions
{
    /// <summary>Lets <paramref name="db"/> read from one snapshot until the result is disposed. Writers do not have to wait.</summary>
    public static async Task<IAsyncDisposable> BeginSnapshotAsync(this PortalDbContext db)
    {
        await db.Database.OpenConnectionAsync();

        // A transaction that is not deferred would take SQLite's lock for writing.
        var moment = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await db.Database.UseTransactionAsync(moment);
        return moment;
    }

    /// <param name="sql">Names each parameter as <c>@name</c>, as often as it needs it.</param>
    /// <param name="parameters">Every parameter by its name without the <c>@</c>.</param>
    public static async Task<List<T>> QueryAsync<T>(
        this PortalDbContext db, string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this program; what people type is in the parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
