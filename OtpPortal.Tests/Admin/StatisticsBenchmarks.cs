using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using ActivityEventKind = OtpPortal.Data.ActivityEventKind;

namespace OtpPortal.Tests.Admin;

/// <summary>Statistics and activity log on as many events as a large portal has. The commands are in docs/building.md.</summary>
public sealed class StatisticsBenchmarks(ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly int Events = Number("ACTIVITY_ROWS", 10_000_000);
    private static readonly int Codes = Number("CODE_ROWS", 1_000_000);

    // A file of the tester's is kept, and not filled a second time.
    private static readonly string? Kept = Environment.GetEnvironmentVariable("ACTIVITY_DATABASE") is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : null;

    private readonly PortalHost portal = new() { Database = Kept };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task The_statistics_of_ten_million_events_and_a_million_codes_take_less_than_a_third_of_a_second()
    {
        await portal.StartAsync();
        await FillAsync();

        // What happened since the last count, which the statistics count themselves.
        await portal.Lane.RunAsync(
            async db =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    await db.RecordAsync(
                        new() { At = portal.Clock!.GetUtcNow(), Kind = ActivityEventKind.Sent, Purpose = "login", Channel = "email",
                            Address = "late@example.com" });
                }
            },
            Cancel);

        using var admin = await AdministratorAsync();
        var bounds = new Dictionary<string, double>(StringComparer.Ordinal) { ["24h"] = 300, ["30d"] = 1000 };
        foreach (var range in StatisticsRange.All)
        {
            var figures = await TimesAsync(async () =>
                Assert.NotEqual(0, (await portal.Services.GetRequiredService<Statistics>().ReadAsync(range, Cancel)).Total.Sent));
            var page = await TimesAsync(async () =>
                Assert.Contains($"The last {range.Label}",
                    await admin.GetStringAsync(new Uri($"/admin/otp?range={range.Name}", UriKind.Relative), Cancel),
                        StringComparison.Ordinal));
            Say($"{range.Name}: the figures {Report(figures)}; the page {Report(page)}");
            Assert.InRange(page[37], 0, bounds.GetValueOrDefault(range.Name, 1000));
        }
    }

    private static string Report(List<double> times) =>
        string.Create(
            CultureInfo.InvariantCulture, $"median {times[20]:N0} ms, 95th percentile {times[37]:N0} ms, slowest {times[39]:N0} ms");

    private static async Task<List<double>> TimesAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var begun = Stopwatch.StartNew();
            await work();
            times.Add(begun.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    /// <summary>The browser of an administrator.</summary>
    private async Task<HttpClient> AdministratorAsync()
    {
        const string email = "admin@example.com";
        await portal.Lane.RunAsync(
            async db =>
            {
                if (!await db.Users.AnyAsync(user => user.NormalizedEmail == email, Cancel))
                {
                    db.Users.Add(new PortalUser
                    {
                        UserName = email, NormalizedUserName = email, Email = email, NormalizedEmail = email, EmailConfirmed = true,
                            IsAdmin = true, SecurityStamp = "the first",
                    });
                    await db.SaveChangesAsync(Cancel);
                }
            },
            Cancel);
        var cookie = await portal.SignInAsync(email);
        var browser = portal.CreateClient(new() { AllowAutoRedirect = false });
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        return browser;
    }

    [Fact(Explicit = true)]
    public async Task Every_page_of_an_activity_log_of_ten_million_events_takes_less_than_a_tenth_of_a_second()
    {
        await portal.StartAsync();
        await FillAsync();
        var begun = new Stopwatch();
        var search = portal.Services.GetRequiredService<ActivitySearch>();
        var middle = portal.Clock!.GetUtcNow().AddDays(-15);
        foreach (var (name, filter) in new (string, ActivityFilter)[]
        {
            ("everything", new()),
            ("a kind", new() { Kind = ActivityEventKind.WrongCode }),
            ("a kind that never happened", new() { Kind = ActivityEventKind.Locked }),
            ("a purpose", new() { Purpose = "register" }),
            ("a purpose of which there is nothing", new() { Purpose = "nothing" }),
            ("a person", new() { Addresses = ["person7@domain3.example"] }),
            ("a kind and a person", new() { Kind = ActivityEventKind.Verified, Addresses = ["person7@domain3.example"] }),
            ("a span of time", new() { From = middle, To = middle.AddHours(1) }),
            ("a kind in a span of time",
                new() { Kind = ActivityEventKind.WrongCode, Purpose = "login", From = middle, To = middle.AddHours(1) }),
        })
        {
            var times = new List<double>();
            foreach (var days in Enumerable.Range(0, 30))
            {
                // From places all over the log, each of them not read before.
                var place = new ActivityPosition(
                    portal.Clock.GetUtcNow().AddDays(-days).AddMinutes(-7 * days).ToUnixTimeMilliseconds(), long.MaxValue);
                begun.Restart();
                var older = await search.OlderAsync(filter, place, Cancel);
                times.Add(begun.Elapsed.TotalMilliseconds);
                begun.Restart();
                await search.NewerAsync(filter, place, Cancel);
                times.Add(begun.Elapsed.TotalMilliseconds);
                Assert.InRange(older.Events.Count, 0, ActivitySearch.PageSize);
            }

            times.Sort();
            Say($"{name}: median {times[30]:N1} ms, 95th percentile {times[57]:N1} ms, slowest {times[59]:N1} ms");
            Assert.InRange(times[57], 0, 100);
        }

        begun.Restart();
        var count = 0;
        await foreach (var batch in search.AllAsync(new ActivityFilter { To = middle.AddDays(1), From = middle }, Cancel))
        {
            count += batch.Count;
        }

        Say($"{count:N0} events of a day read for an export in {begun.Elapsed.TotalSeconds:N1} s");
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private void Say(FormattableString words) => output.WriteLine(words.ToString(CultureInfo.InvariantCulture));

    private async Task FillAsync()
    {
        if (await portal.ReadAsync(db => db.Activity.AnyAsync(Cancel)))
        {
            Say($"{portal.DatabasePath} is filled already");
            return;
        }

        var begun = Stopwatch.StartNew();
        Fill();
        Say($"{Events:N0} events and {Codes:N0} codes written in {begun.Elapsed.TotalSeconds:N0} s; the file has {new FileInfo(portal.DatabasePath).Length / 1e9:N1} GB");
        begun.Restart();
        await portal.Services.GetRequiredService<ActivityRollup>().RunAsync(100_000, Cancel);
        Say($"counted into totals in {begun.Elapsed.TotalSeconds:N0} s");
    }

    // Thirty days of a portal whose people come from a few large mail domains and many small ones. Through a connection of its own: a
    // million transactions would take longer than what is measured.
    private void Fill()
    {
        var now = portal.Clock!.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = new SqliteConnection($"Data Source={portal.DatabasePath};Pooling=False");
        connection.Open();
        using var fast = connection.CreateCommand();
        fast.CommandText = "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;";
        fast.ExecuteNonQuery();
        using (var transaction = connection.BeginTransaction())
        {
            Activity(connection, now);
            transaction.Commit();
        }

        using (var transaction = connection.BeginTransaction())
        {
            using var codes = connection.CreateCommand();
            codes.CommandText = """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $codes - 1)
                INSERT INTO OtpCodes (Email, Purpose, ExpiresAt, LastSentAt, Attempts, CreatedAt, VerifiedAt, Failures, LastFailureAt,
                    HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
                SELECT 'person' || i || '@domain' || (i % 1000) || '.example', CASE i % 3 WHEN 0 THEN 'register' WHEN 1 THEN 'login' ELSE 'forgot_password' END,
                    $now - 43200000 + i % 43500000, $now - 43200000 + i % 43500000 - 300000, 0, $now, CASE WHEN i % 2 = 0 THEN $now END, 0, NULL,
                    $now, 1, $now, 1, $now + 86400000
                FROM n
                """;
            codes.Parameters.AddWithValue("$codes", Codes);
            codes.Parameters.AddWithValue("$now", now);
            codes.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static void Activity(SqliteConnection connection, long now)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Count, Detail)
            VALUES ($at, $kind, $purpose, $channel, $address, $client, 'Firefox on Windows', 'node', '0123456789abcdef0123456789abcdef', $delay, $bucket, NULL, '')
            """;
        var values = new[] { "$at", "$kind", "$purpose", "$channel", "$address", "$client", "$delay", "$bucket" }
            .ToDictionary(name => name, name => insert.Parameters.AddWithValue(name, ""), StringComparer.Ordinal);
        var kinds = new (ActivityEventKind Kind, string Channel)[]
        {
            (ActivityEventKind.Sent, "email"), (ActivityEventKind.HandedOver, "email"), (ActivityEventKind.Verified, ""),
                (ActivityEventKind.Sent, "email"), (ActivityEventKind.HandedOver, "email"),
            (ActivityEventKind.Verified, ""), (ActivityEventKind.WrongCode, ""), (ActivityEventKind.RefusedByCooldown, "email"),
                (ActivityEventKind.DecoySent, "email"), (ActivityEventKind.DeliveryRetried, "email"),
        };
        var purposes = new[] { "login", "login", "register", "forgot_password" };
        var state = 88172645463325252UL;
        for (var i = 0; i < Events; i++)
        {
            // Marsaglia's xorshift64: quick, and the same every time.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            var (kind, channel) = kinds[state % 10];
            var hasDelay = kind is ActivityEventKind.HandedOver or ActivityEventKind.Verified;
            var delay = (long)(1UL << (int)((state >> 8) % 16)) + (long)((state >> 12) % 1000);

            // One in two at a large domain, the others at one of two thousand.
            var domain = (state >> 20) % 2 == 0 ? (state >> 21) % 5 : (state >> 21) % 2000;
            values["$at"].Value = now - (30L * 86_400_000) + (long)(i * (30.0 * 86_400_000 / Events));
            values["$kind"].Value = (int)kind;
            values["$purpose"].Value = purposes[(state >> 34) % 4];
            values["$channel"].Value = channel;
            values["$address"].Value = $"person{(state >> 36) % 300_000}@domain{domain}.example";
            values["$client"].Value = $"192.0.2.{(state >> 55) % 256}";
            values["$delay"].Value = hasDelay ? delay : DBNull.Value;
            values["$bucket"].Value = hasDelay ? DelayBuckets.Of(delay) : DBNull.Value;
            insert.ExecuteNonQuery();
        }
    }
}
