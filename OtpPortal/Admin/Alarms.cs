using System.Globalization;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>What needs an administrator's attention now, whatever range is looked at. Each is a sentence that says what is wrong and where to look.</summary>
internal static class Alarms
{
    /// <summary>Fewer of something say nothing about anybody.</summary>
    public const int EnoughToTell = 10;

    /// <summary>A message that has waited for longer says that messages are not getting out.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private const string Mark = "COALESCE((SELECT UpTo FROM ActivityMarks WHERE Id = 1), 0)";

    private const string CountsSql = $"""
        SELECT CASE WHEN Start >= @hour THEN 1 ELSE 0 END, Kind, SUM(Count) FROM (
            SELECT Start, Kind, Purpose, Count FROM ActivityTotals WHERE Span = 60 AND Start >= @day
            UNION ALL
            SELECT At / 1000, Kind, Purpose, 1 FROM Activity WHERE Id > {Mark} AND At + 0 >= @day * 1000)
        WHERE Purpose <> '' AND Start < @now GROUP BY 1, 2
        """;

    private static readonly string ClientsSql = $"""
        SELECT Client, COUNT(*) FROM Activity
        WHERE Kind = {(int)ActivityKind.WrongCode} AND Purpose IN ('register', 'login', 'forgot_password') AND At >= @hour * 1000
        GROUP BY Client ORDER BY 2 DESC, 1
        """;

    /// <summary>Looks at the last hour, and at the day before it.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(PortalDbContext db, QueueFigures queue, (int Sent, int Budget) texts, DateTimeOffset now)
    {
        // To the minute, as the totals are.
        var minute = now.ToUnixTimeSeconds() / 60 * 60;
        var (hour, day) = (minute - StatisticsRange.Hour, minute - StatisticsRange.Hour - StatisticsRange.Day);
        var counts = await db.QueryAsync(
            CountsSql,
            row => (Lately: row.GetInt64(0) == 1, Kind: (ActivityKind)row.GetInt32(1), Count: row.GetInt64(2)),
            ("hour", hour), ("day", day), ("now", now.ToUnixTimeSeconds() + 1));
        var (lately, before) = (new Tally(), new Tally());
        counts.ForEach(row => (row.Lately ? lately : before).Add(row.Kind, -1, row.Count));
        var clients = await db.QueryAsync(ClientsSql, row => (Client: row.GetString(0), Count: row.GetInt64(1)), ("hour", hour));

        return [.. new[] { Queue(queue), Failures(lately), Conversion(lately, before), Attack(clients), Texts(texts) }.OfType<string>()];
    }

    private static string? Queue(QueueFigures queue) => queue.OldestSeconds > LongestWait.TotalSeconds
        ? Say($"Messages are not getting out: {queue.Waiting} wait, the oldest for {TimeSpan.FromSeconds(queue.OldestSeconds.Value):h\\:mm\\:ss}. The activity log has the reasons.")
        : null;

    private static string? Failures(Tally lately)
    {
        var (failed, tried) = (lately.Of(ActivityKind.DeliveryFailed), lately.Of(ActivityKind.DeliveryFailed) + lately.Of(ActivityKind.HandedOver));
        return tried >= EnoughToTell && failed * 10 > tried
            ? Say($"{100.0 * failed / tried:0} % of the messages of the last hour were refused for good ({failed} of {tried}). The activity log has the reasons.")
            : null;
    }

    private static string? Conversion(Tally lately, Tally before)
    {
        var (sentLately, sentBefore) = (lately.Of(ActivityKind.Sent), before.Of(ActivityKind.Sent));
        if (sentLately < EnoughToTell || sentBefore < EnoughToTell)
        {
            return null;
        }

        var (shareLately, shareBefore) = (Share(lately, sentLately), Share(before, sentBefore));
        return shareLately <= shareBefore / 2 && shareBefore > 0
            ? Say($"Of the codes sent in the last hour {shareLately:0} % were entered, of those of the day before {shareBefore:0} %. Look whether one mail domain is behind it.")
            : null;

        static double Share(Tally tally, long sent) => 100.0 * tally.Of(ActivityKind.Verified) / sent;
    }

    private static string? Attack(List<(string Client, long Count)> clients)
    {
        var all = clients.Sum(client => client.Count);
        return all >= EnoughToTell && clients[0].Count * 3 >= all && clients[0].Client.Length > 0
            ? Say($"One client, {clients[0].Client}, is behind {clients[0].Count} of the {all} wrong codes of the last hour. If it goes on, block it before the portal.")
            : null;
    }

    private static string? Texts((int Sent, int Budget) texts) => texts.Sent * 10L >= texts.Budget * 8L
        ? Say($"{texts.Sent} of the {texts.Budget} texts of a day (Twilio:TextsPerDay) are used. When they are gone, no code goes to a phone until the day is over. Look in the activity log who asked for them.")
        : null;

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
