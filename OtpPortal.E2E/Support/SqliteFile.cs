using Microsoft.Data.Sqlite;

namespace OtpPortal.E2E.Support;

/// <summary>A SQLite file as another process sees it that has nothing to do with the portal.</summary>
internal static class SqliteFile
{
    /// <summary>The rows of a query, each with its columns separated by bars.</summary>
    public static IReadOnlyList<string> Read(string file, string sql, params IEnumerable<(string Name, object Value)> parameters)
    {
        using var connection = Open(file, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column).ToString())));
        }

        return rows;
    }

    /// <summary>Changes the file.</summary>
    public static void Execute(string file, string sql)
    {
        using var connection = Open(file, SqliteOpenMode.ReadWrite);
        Execute(connection, sql);
    }

    /// <summary>Holds the file's one lock for writing until the answer is disposed.</summary>
    public static IDisposable Lock(string file)
    {
        var connection = Open(file, SqliteOpenMode.ReadWrite);
        Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode,
            Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
