using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>The statements and conditions on the table Activity, which has a row for each event.</summary>
internal static class ActivitySql
{
    public const string Insert = """
        INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Count, Detail)
        VALUES (@at, @kind, @purpose, @channel, @address, @client, @browser, @node, @correlation, @delay, @bucket, @count, @detail)
        """;

    public const string Purge = "DELETE FROM Activity WHERE Id IN (SELECT Id FROM Activity WHERE At <= {0} ORDER BY At LIMIT {1})";

    /// <summary>The domain of an event's address.</summary>
    public const string Domain = "substr(Address, instr(Address, '@') + 1)";

    /// <summary>The kinds that count for a mail domain: those of codes that go by mail, from their sending to their entry.</summary>
    public static readonly string DomainKinds =
        $"({(int)ActivityEventKind.Sent}, {(int)ActivityEventKind.HandedOver}, {(int)ActivityEventKind.DeliveryFailed}, "
            + $"{(int)ActivityEventKind.Verified})";

    /// <summary>
    /// Whether an event counts for a mail domain. What is entered has no channel. The sum keeps the database from the index of kinds: what
    /// is new is found by Id or time.
    /// </summary>
    public static readonly string CountsForDomain =
        $"Purpose <> '' AND Channel IN ('', 'email') AND instr(Address, '@') > 0 AND Kind + 0 IN {DomainKinds}";

    public static readonly string ClientsWithWrongCodes = $"""
        SELECT Client, COUNT(*) FROM Activity
        WHERE Kind = {(int)ActivityEventKind.WrongCode} AND Purpose IN ('register', 'login', 'forgot_password') AND At >= @hour * 1000
        GROUP BY Client ORDER BY 2 DESC, 1
        """;

    /// <summary>An hour at most: few enough to be counted one by one.</summary>
    public static readonly string Domains = $"""
        SELECT {Domain}, Kind, COALESCE(Bucket, -1), COUNT(*) FROM Activity
        WHERE At >= @from * 1000 AND At < @to * 1000 AND {CountsForDomain} GROUP BY 1, 2, 3
        """;

    /// <summary>The events of a page, whose Ids are found in slices of one index each.</summary>
    /// <param name="ids">Statements that yield Ids and times.</param>
    public static string Page(IEnumerable<string> ids, string order, int most) =>
        $"SELECT * FROM Activity WHERE Id IN (SELECT Id FROM ({string.Join(" UNION ALL ", ids)}) {order} LIMIT {most}) {order}";

    /// <summary>A stretch of one index, of which no more is read than a page has room for.</summary>
    public static string Slice(IEnumerable<string> conditions, string order, int most) =>
        $"SELECT * FROM (SELECT Id, At FROM Activity WHERE {string.Join(" AND ", conditions)} {order} LIMIT {most})";
}
