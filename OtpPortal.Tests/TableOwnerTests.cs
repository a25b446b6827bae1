using System.Text.RegularExpressions;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests;

/// <summary>
/// Every table has an owner, as docs/design.md lists them: only the owner's folder writes it or names it in SQL, in a file that ends with
/// Sql. Other folders call a method of the owner, or read through the context.
/// </summary>
public sealed partial class TableOwnerTests
{
    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal)
    {
        ["Activity"] = "Activity",
        ["ActivityTotals"] = "Activity",
        ["ActivityDomainTotals"] = "Activity",
        ["RollupCursors"] = "Activity",
        ["Outbox"] = "Delivery",
        ["OtpCodes"] = "Otp",
        ["SentCodes"] = "Otp",
        ["SendCounters"] = "Otp",
        ["AspNetUsers"] = "Accounts",
        ["PendingRegistrations"] = "Accounts",
        ["PasswordFailures"] = "Accounts",
        ["Sessions"] = "Accounts",
        ["RefreshTokens"] = "Accounts",
        ["LoginTokens"] = "Accounts",
        ["SigningKeys"] = "Api",
    };

    /// <summary>Tables of ASP.NET Core Identity that the portal leaves empty.</summary>
    private static readonly string[] Unused = ["AspNetUserClaims", "AspNetUserLogins", "AspNetUserTokens"];

    private static IEnumerable<(string Path, string Text)> Sources =>
        SourceTree.Files("OtpPortal", ".cs", ".razor").Where(file => !file.Path.Contains("Migrations", StringComparison.Ordinal));

    [Fact]
    public async Task Every_table_has_an_owner()
    {
        await using var portal = new PortalHost();

        var tables = await portal.ReadAsync(db => Task.FromResult(db.Model.GetEntityTypes().Select(type => type.FindAnnotation(
            "Relational:TableName")?.Value as string ?? type.ClrType.Name).ToList()));

        Assert.Equal(Owners.Keys.Concat(Unused).Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_table_is_named_in_SQL_only_in_an_Sql_file_of_its_owner()
    {
        var strangers = from file in Sources
                        from Match mention in InSql().Matches(file.Text)
                        let table = mention.Groups["table"].Value
                        where Owners.ContainsKey(table)
                        where FolderOf(file.Path) != Owners[table] || !file.Path.EndsWith("Sql.cs", StringComparison.Ordinal)
                        select $"{file.Path}: {mention.Value}";

        Assert.Empty(strangers);
    }

    [Fact]
    public void The_statements_that_write_a_table_stand_in_one_file()
    {
        var scattered = from file in Sources
                        from Match write in WriteInSql().Matches(file.Text)
                        let table = write.Groups["table"].Value
                        where Owners.ContainsKey(table)
                        group file.Path by table into files
                        where files.Distinct().Count() > 1
                        select $"{files.Key}: {string.Join(", ", files.Distinct())}";

        Assert.Empty(scattered);
    }

    [Fact]
    public void A_table_is_written_through_the_context_only_by_its_owner()
    {
        var strangers = from file in Sources
                        from Match write in WriteByContext().Matches(file.Text)
                        let set = write.Groups["set"].Value
                        let table = set == "Users" ? "AspNetUsers" : set
                        where Owners.ContainsKey(table) && FolderOf(file.Path) != Owners[table]
                        select $"{file.Path}: {write.Value}";

        Assert.Empty(strangers);
    }

    [Theory]
    [InlineData("\"DELETE FROM Outbox WHERE 1\"", "Outbox")]
    [InlineData("SELECT 1 FROM (SELECT 1) LEFT JOIN AspNetUsers AS Account", "AspNetUsers")]
    [InlineData("INSERT INTO Activity (At)", "Activity")]
    [InlineData("UPDATE Sessions SET", "Sessions")]
    public void A_mention_in_SQL_is_found(string text, string table) =>
        Assert.Equal(table, Assert.Single(InSql().Matches(text)).Groups["table"].Value);

    [Theory]
    [InlineData("await db.Users.Where(user => user.Id == id).ExecuteDeleteAsync();", "Users")]
    [InlineData("db.Outbox\n    .Where(row => true)\n    .ExecuteUpdateAsync(row => row)", "Outbox")]
    [InlineData("db.Sessions.Add(session);", "Sessions")]
    public void A_write_through_the_context_is_found(string text, string set) =>
        Assert.Equal(set, Assert.Single(WriteByContext().Matches(text)).Groups["set"].Value);

    private static string FolderOf(string path) => path.Split(Path.DirectorySeparatorChar)[0];

    [GeneratedRegex(@"\b(INTO|UPDATE|FROM|JOIN)\s+(?<table>[A-Z]\w+)\b(?!\.)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InSql();

    [GeneratedRegex(@"\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?<table>[A-Z]\w+)\b(?!\.)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex WriteInSql();

    [GeneratedRegex(@"\bdb\.(?<set>[A-Z]\w+)\s*\.((Add|AddRange|Remove|RemoveRange|Update)\(|[^;]*?\.Execute(Update|Delete)Async\()",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex WriteByContext();
}
