using Microsoft.Data.Sqlite;

namespace OtpPortal.Data;

/// <summary>Distinguishes an unavailable database from faults of this program.</summary>
internal static class DatabaseErrors
{
    /// <summary>
    /// When to try again if nothing else is known. Most such failures end with a restart, or with another program's backup.
    /// </summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // The primary result codes of SQLite (https://sqlite.org/rescode.html).
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Protocol = 15;
    private const int NotADatabase = 26;

    /// <summary>
    /// Whether a failure, or one of its inner exceptions, means that the database or the portal is temporarily unavailable.
    /// </summary>
    public static bool IsUnavailable(Exception failure) => Find(failure) is not null;

    /// <summary>Whether another process or connection holds the file.</summary>
    public static bool IsBusy(Exception failure) => Find(failure) is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <summary>A <see cref="ServiceUnavailableException"/> for an unavailable database; any other failure unchanged.</summary>
    public static Exception Translate(Exception failure) => Unavailable(failure) ?? failure;

    /// <summary>The failure as <see cref="ServiceUnavailableException"/>; null if it does not mean that.</summary>
    public static ServiceUnavailableException? Unavailable(Exception failure) => Find(failure) switch
    {
        null => null,
        ServiceUnavailableException known => known,
        var cause => new ServiceUnavailableException($"The database cannot be used now: {cause.Message}", RetryAfter, failure),
    };

    private static Exception? Find(Exception? failure) => failure switch
    {
        null => null,
        ServiceUnavailableException => failure,
        SqliteException
        {
            SqliteErrorCode: Permission or Busy or Locked or OutOfMemory or ReadOnly or InputOutput or Corrupt or Full or CannotOpen
                or Protocol
                or NotADatabase
        } => failure,
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ => Find(failure.InnerException),
    };
}
