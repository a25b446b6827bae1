using System.Diagnostics;
using System.Globalization;
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
            var times = await PageTimesAsync(search, filter);
            Say($"{name}: median {times[30]:N1} ms, 95th percentile {times[57]:N1} ms, slowest {times[59]:N1} ms");
            Assert.InRange(times[57], 0, 100);
        }

        await MeasureExportAsync(search, new ActivityFilter { To = middle.AddDays(1), From = middle });
    }

    /// <summary>The times of sixty pages, from the shortest.</summary>
    private async Task<List<double>> PageTimesAsync(ActivitySearch search, ActivityFilter filter)
    {
        var begun = new Stopwatch();
        var times = new List<double>();
        foreach (var days in Enumerable.Range(0, 30))
        {
            // From places all over the log, each of them not read before.
            var place = new ActivityPosition(
                portal.Clock!.GetUtcNow().AddDays(-days).AddMinutes(-7 * days).ToUnixTimeMilliseconds(), long.MaxValue);
            begun.Restart();
            var older = await search.OlderAsync(filter, place, Cancel);
            times.Add(begun.Elapsed.TotalMilliseconds);
            begun.Restart();
            await search.NewerAsync(filter, place, Cancel);
            times.Add(begun.Elapsed.TotalMilliseconds);
            Assert.InRange(older.Events.Count, 0, ActivitySearch.PageSize);
        }

        times.Sort();
        return times;
    }

    private async Task MeasureExportAsync(ActivitySearch search, ActivityFilter day)
    {
        var begun = Stopwatch.StartNew();
        var count = 0;
        await foreach (var batch in search.AllAsync(day, Cancel))
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
        LargeActivity.Fill(portal, Events, Codes);
        Say($"{Events:N0} events and {Codes:N0} codes written in {begun.Elapsed.TotalSeconds:N0} s; the file has {new FileInfo(portal.DatabasePath).Length / 1e9:N1} GB");
        begun.Restart();
        await portal.Services.GetRequiredService<ActivityRollup>().RunAsync(100_000, Cancel);
        Say($"counted into totals in {begun.Elapsed.TotalSeconds:N0} s");
    }
}
