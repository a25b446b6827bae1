using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>The picture of the statistics in the documents: a day of invented people. Run by hand; the same numbers every time.</summary>
public sealed class StatisticsPicture(BrowserFixture browsers)
{
    private const int People = 7_000;
    private const int Sent = 1;
    private const int DecoySent = 2;
    private const int RefusedByCooldown = 3;
    private const int HandedOver = 6;
    private const int DeliveryFailed = 8;
    private const int Verified = 11;
    private const int WrongCode = 12;
    private const int ExpiredCode = 14;

    // Of the last 24 hours, how busy each is.
    private static readonly int[] Busy = [9, 9, 10, 10, 8, 6, 4, 2, 2, 2, 3, 2, 2, 3, 2, 2, 2, 2, 3, 3, 2, 5, 7, 9];

    private static readonly (string Name, int Share, int EnteredPercent)[] Domains =
    [
        ("example.com", 30, 89), ("mail.example", 22, 90), ("post.example", 16, 88), ("corp.example", 12, 37), ("uni.example", 8, 92),
        ("shop.example", 7, 87), ("town.example", 5, 86),
    ];

    private readonly StringBuilder values = new();
    private uint state = 20261121;

    [Fact(Explicit = true)]
    public async Task A_picture_of_the_statistics_is_taken()
    {
        await using var server = await AdminTour.StartAsync();
        await using var admin = await AdminTour.AdministratorAsync(server, browsers);
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < People; i++)
        {
            AddPerson(i, now);
        }

        SqliteFile.Execute(
            server.Database,
            "INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Detail) VALUES "
                + values.ToString().TrimEnd(','));
        await admin.Page.SetViewportSizeAsync(1200, 800);
        await admin.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await admin.Page.GotoAsync("/admin/otp?range=24h");
        await admin.Statistics.GoLiveAsync();

        var path = Path.Combine(Repository.Artifacts, "screens", "statistics.png");
        await admin.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
    }

    private void AddPerson(int i, DateTimeOffset now)
    {
        var hour = Pick([.. Busy.Select((share, index) => (index, share))]);
        var at = now.AddHours(-hour).AddSeconds(-Next(3600));
        var domain = Domains[Pick([.. Domains.Select((one, index) => (index, one.Share))])];
        var purpose = new[] { "register", "login", "forgot_password" }[Pick([(0, 30), (1, 60), (2, 10)])];
        var address = string.Create(CultureInfo.InvariantCulture, $"person{i}@{domain.Name}");
        if (Next(100) < 3)
        {
            Add(at, DecoySent, purpose, address);
            return;
        }

        Add(at, Sent, purpose, address);
        var delivery = 120 + Next(400) + (Next(10) == 0 ? Next(900) : 0);
        var isDelivered = Next(1000) >= 12;
        Add(at.AddMilliseconds(delivery), isDelivered ? HandedOver : DeliveryFailed, purpose, address, isDelivered ? delivery : null);
        if (!isDelivered || Next(100) >= domain.EnteredPercent)
        {
            Add(at.AddMinutes(6), Pick([(ExpiredCode, 15), (RefusedByCooldown, 15), (0, 70)]), purpose, address);
            return;
        }

        if (Next(100) < 5)
        {
            Add(at.AddSeconds(15), WrongCode, purpose, address);
        }

        var entry = 8_000 + Next(40_000) + (Next(10) == 0 ? Next(60_000) : 0);
        Add(at.AddMilliseconds(entry), Verified, purpose, address, entry);
    }

    private void Add(DateTimeOffset at, int kind, string purpose, string address, int? delay = null)
    {
        if (kind == 0)
        {
            return;
        }

        var channel = kind is Verified or WrongCode or ExpiredCode ? "" : "email";
        var (time, bucket) = (delay?.ToString(CultureInfo.InvariantCulture) ?? "NULL", delay is { } length ? Bucket(length) : "NULL");
        var (milliseconds, client) = (at.ToUnixTimeMilliseconds(), $"192.0.2.{Next(200)}");
        values.Append(CultureInfo.InvariantCulture,
            $"({milliseconds},{kind},'{purpose}','{channel}','{address}','{client}','','','',{time},{bucket},''),");
    }

    // As Activity/DelayBuckets does: eight buckets for each doubling.
    private static string Bucket(int delay)
    {
        var doubling = BitOperations.Log2((uint)delay) - 3;
        return (((doubling + 1) << 3) + ((delay >> doubling) & 7)).ToString(CultureInfo.InvariantCulture);
    }

    private int Pick(IReadOnlyList<(int Value, int Share)> shares)
    {
        var rest = Next(shares.Sum(one => one.Share));
        foreach (var (value, share) in shares)
        {
            rest -= share;
            if (rest < 0)
            {
                return value;
            }
        }

        return shares[^1].Value;
    }

    // A linear congruential generator (Numerical Recipes): nothing here is secret, and the picture stays the same.
    private int Next(int below)
    {
        state = unchecked((state * 1664525) + 1013904223);
        return (int)((state >> 8) % (uint)below);
    }
}
