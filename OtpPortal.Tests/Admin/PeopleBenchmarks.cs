using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Admin;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>The list of people on as many accounts as a large portal has. The commands are in docs/building.md.</summary>
public sealed class PeopleBenchmarks(ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly int Accounts = Environment.GetEnvironmentVariable("ACCOUNT_ROWS") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : 1_000_000;

    private readonly PortalHost portal = new() { Clock = null };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task A_search_among_a_million_accounts_ends_within_its_bounds()
    {
        await portal.StartAsync();
        Fill();
        Say($"{Accounts:N0} accounts; the file has {new FileInfo(portal.DatabasePath).Length / 1e9:N1} GB");
        var people = portal.Services.GetRequiredService<People>();
        var middle = NameOf(Accounts / 2);

        await SearchAsync("the newest page", null, null, 20);
        await SearchAsync("a page in the middle", null, middle, 20);
        await SearchAsync("the last page", null, NameOf(10), 20);
        await SearchAsync("a whole address", $"person{Accounts / 2}@example.com", null, 20);
        await SearchAsync("a whole number", $"+44{7_000_000_000 + (Accounts / 2)}", null, 20);
        await SearchAsync("a part that many have", "person", null, 20);
        await SearchAsync("a part that one in ten thousand has", "Quill", null, 2500);
        var slowest = await SearchAsync("a part that nobody has", "nobody at all", null, 2500);

        await MeasureToTheEndAsync(people, slowest);

        Task<double> SearchAsync(string what, string? sought, string? from, double bound) =>
            MeasureAsync(people, what, sought, from, bound);
    }

    /// <summary>A search that is stopped goes on from where it was.</summary>
    private async Task MeasureToTheEndAsync(People people, double slowest)
    {
        var (searches, before, stopped) = (0, (string?)null, true);
        var begun = Stopwatch.StartNew();
        while (stopped)
        {
            var page = await people.SearchAsync("nobody at all", before, Cancel);
            (before, stopped) = (page.Next, page.IsStopped);
            searches++;
        }

        Say($"to the end of a part that nobody has: {searches} searches, {begun.Elapsed.TotalSeconds:N1} s; slowest single one {slowest:N0} ms");
    }

    private async Task<double> MeasureAsync(People people, string what, string? sought, string? from, double bound)
    {
        var times = new List<double>();
        var found = 0;
        for (var i = 0; i < 10; i++)
        {
            var one = Stopwatch.StartNew();
            found = (await people.SearchAsync(sought, from, Cancel)).People.Count;
            times.Add(one.Elapsed.TotalMilliseconds);
        }

        Say($"{what}: {found} found; first {times[0]:N1} ms, median of the others {times.Skip(1).Order().ElementAt(4):N1} ms, slowest {times.Skip(1).Max():N1} ms");
        Assert.InRange(times.Skip(1).Order().ElementAt(4), 0, bound);
        return times.Max();
    }

    private void Say(FormattableString words) => output.WriteLine(words.ToString(CultureInfo.InvariantCulture));

    // As version 7 of a UUID begins: milliseconds, an account a second.
    private static string NameOf(int account) =>
        $"{1_700_000_000_000 + (account * 1000L):x12}".Insert(8, "-") + $"-7000-8000-{account:x12}";

    private void Fill()
    {
        using var connection = new SqliteConnection($"Data Source={portal.DatabasePath}");
        connection.Open();
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            PRAGMA synchronous=OFF;
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $accounts - 1)
            INSERT INTO AspNetUsers (Id, UserName, NormalizedUserName, Email, NormalizedEmail, EmailConfirmed, PasswordHash, SecurityStamp, ConcurrencyStamp, PhoneNumber,
                PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount, FirstName, LastName, RegisteredAt, RegisteredBinding, IsAdmin, LastSignInAt)
            SELECT substr(printf('%012x', 1700000000000 + i * 1000), 1, 8) || '-' || substr(printf('%012x', 1700000000000 + i * 1000), 9) || '-7000-8000-' || printf('%012x', i),
                'person' || i || '@example.com', 'person' || i || '@example.com', 'person' || i || '@example.com', 'person' || i || '@example.com', i % 20 > 0,
                hex(randomblob(42)), hex(randomblob(16)), hex(randomblob(16)), '+44' || (7000000000 + i), i % 2, 0, 0, 0,
                'Firstname' || i % 500, CASE WHEN i % 10000 = 0 THEN 'Quill' ELSE 'Lastname' || i % 3000 END, 1700000000000 + i * 1000, hex(randomblob(22)), 0, 1700000000000 + i * 1000
            FROM n;
            COMMIT;
            """;
        insert.Parameters.AddWithValue("$accounts", Accounts);
        insert.CommandTimeout = 600;
        insert.ExecuteNonQuery();
    }
}
