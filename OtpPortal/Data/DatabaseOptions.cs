namespace OtpPortal.Data;

/// <summary>The section <c>Database</c> of the configuration.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>The kind of database.</summary>
    public DatabaseProvider Provider { get; init; }
}

/// <summary>The databases that the portal runs on.</summary>
internal enum DatabaseProvider
{
    /// <summary>A SQLite file.</summary>
    Sqlite,
}
