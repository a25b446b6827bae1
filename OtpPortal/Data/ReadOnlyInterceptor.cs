using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OtpPortal.Data;

/// <summary>Makes SQLite itself refuse writes on the connections of readers.</summary>
internal sealed class ReadOnlyInterceptor : DbConnectionInterceptor
{
    public static readonly ReadOnlyInterceptor Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "PRAGMA query_only=1;";
        return command;
    }
}
