using System.Globalization;
using OtpPortal.E2E.Support;

[assembly: AssemblyFixture(typeof(KnownAccounts))]

namespace OtpPortal.E2E.Support;

/// <summary>
/// A database with accounts and nothing else, as the purge leaves it after a day without visitors. It is made once, by whoever needs it
/// first.
/// </summary>
public sealed class KnownAccounts : IAsyncDisposable
{
    /// <summary>How many accounts there are.</summary>
    public const int Count = 30;

    private readonly Lazy<Task<PublishedPortal>> made = new(MakeAsync);

    /// <summary>An address that has an account.</summary>
    public static string Known(int number) => string.Create(CultureInfo.InvariantCulture, $"known{number:0000}@example.com");

    /// <summary>An address that has none, and looks alike.</summary>
    public static string Unknown(int number) => string.Create(CultureInfo.InvariantCulture, $"other{number:0000}@example.com");

    /// <summary>Lays a copy of the database in place for a portal that does not run.</summary>
    /// <param name="portal">The portal.</param>
    /// <param name="count">How many accounts: what is more than <see cref="Count"/> are copies of the first, with addresses of their
    /// own.</param>
    internal async Task GiveToAsync(PublishedPortal portal, int count = Count)
    {
        portal.CopyFilesOf(await made.Value);
        if (count > Count)
        {
            SqliteFile.Execute(portal.Database, CopiesSql(portal.Database, count));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (made.IsValueCreated)
        {
            await (await made.Value).DisposeAsync();
        }
    }

    private static async Task<PublishedPortal> MakeAsync()
    {
        var portal = await PublishedPortal.StartAsync();
        var fresh = Tables(portal).Where(table => Rows(portal, table) > 0).Append("AspNetUsers").Append("SigningKeys")
            .ToHashSet(StringComparer.Ordinal);
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
            await portal.JoinAsync(Known(number)));
        await portal.StopAsync();

        // Making the accounts left codes, messages and counts behind. They would tell these addresses apart for a day, and a stranger who
        // comes later does not meet them.
        foreach (var table in Tables(portal).Except(fresh))
        {
            SqliteFile.Execute(portal.Database, $"DELETE FROM \"{table}\"");
        }

        SqliteFile.Execute(portal.Database, "PRAGMA wal_checkpoint(TRUNCATE)");
        return portal;
    }

    private static IReadOnlyList<string> Tables(PublishedPortal portal) =>
        SqliteFile.Read(portal.Database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");

    private static int Rows(PublishedPortal portal, string table) =>
        int.Parse(SqliteFile.Read(portal.Database, $"SELECT COUNT(*) FROM \"{table}\"")[0], CultureInfo.InvariantCulture);

    /// <summary>
    /// Copies the row of the first account, whatever its columns are: its address is replaced wherever it stands, and its key is new.
    /// </summary>
    private static string CopiesSql(string database, int count)
    {
        var first = Known(0);
        var columns = SqliteFile.Read(database, "SELECT name FROM pragma_table_info('AspNetUsers')");
        var values = columns.Select(column => column == "Id"
            ? "'copy' || n"
            : $"CASE typeof(\"{column}\") WHEN 'text' THEN {WithOwnAddress(column)} ELSE \"{column}\" END");
        return $"""
            WITH RECURSIVE numbers(n) AS (SELECT {Count} UNION ALL SELECT n + 1 FROM numbers WHERE n < {count - 1})
            INSERT INTO AspNetUsers ({string.Join(", ", columns.Select(column => $"\"{column}\""))})
            SELECT {string.Join(", ", values)} FROM numbers, AspNetUsers
            WHERE Id = (SELECT Id FROM AspNetUsers WHERE Email = '{first}' COLLATE NOCASE);
            PRAGMA wal_checkpoint(TRUNCATE);
            """;

        string WithOwnAddress(string column) =>
            $"replace(replace(\"{column}\", '{first}', printf('known%04d@example.com', n)), "
            + $"'{first.ToUpperInvariant()}', printf('KNOWN%04d@EXAMPLE.COM', n))";
    }
}
