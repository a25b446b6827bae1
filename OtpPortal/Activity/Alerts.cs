using System.Globalization;
using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>
/// What needs an administrator's attention now, independent of the range that is shown. Each alert is a sentence that says what is wrong
/// and where to look.
/// </summary>
internal static class Alerts
{
    /// <summary>A smaller sample is no reason for an alert.</summary>
    public const int MinimumSample = 10;

    /// <summary>If a message has waited for longer, messages are not being delivered.</summary>
    private static readonly TimeSpan MaxQueueAge = TimeSpan.FromMinutes(1);

    /// <summary>Looks at the last hour, and at the day before it.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        PortalDbContext db, QueueFigures queue, (int Sent, int Budget) texts, DateTimeOffset now)
    {
        // The totals are counted by the minute.
        var minute = now.ToUnixTimeSeconds() / 60 * 60;
        var (hour, day) = (minute - StatisticsRange.Hour, minute - StatisticsRange.Hour - StatisticsRange.Day);
        var counts = await db.QueryAsync(
            ActivityTotalsSql.LastHourAndDay,
            row => (Lately: row.GetInt64(0) == 1, Kind: (ActivityEventKind)row.GetInt32(1), Count: row.GetInt64(2)),
            ("hour", hour), ("day", day), ("now", now.ToUnixTimeSeconds() + 1));
        var (lately, before) = (new Tally(), new Tally());
        counts.ForEach(row => (row.Lately ? lately : before).Add(row.Kind, -1, row.Count));
        var clients = await db.QueryAsync(
            ActivitySql.ClientsWithWrongCodes, row => (Client: row.GetString(0), Count: row.GetInt64(1)), ("hour", hour));

        return [.. new[] { Queue(queue), Failures(lately), Conversion(lately, before), Attack(clients), Texts(texts) }.OfType<string>()];
    }

    private static string? Queue(QueueFigures queue) => queue.OldestSeconds > MaxQueueAge.TotalSeconds
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Messages are not being delivered: {queue.Waiting} are waiting, the oldest for "
                + $"{TimeSpan.FromSeconds(queue.OldestSeconds.Value):h\\:mm\\:ss}. The activity log shows the reasons.")
        : null;

    private static string? Failures(Tally lately)
    {
        var (failed, tried) = (lately.Of(ActivityEventKind.DeliveryFailed),
            lately.Of(ActivityEventKind.DeliveryFailed) + lately.Of(ActivityEventKind.HandedOver));
        return tried >= MinimumSample && failed * 10 > tried
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{100.0 * failed / tried:0} % of the messages of the last hour failed permanently ({failed} of {tried}). "
                    + $"The activity log shows the reasons.")
            : null;
    }

    private static string? Conversion(Tally lately, Tally before)
    {
        var (sentLately, sentBefore) = (lately.Of(ActivityEventKind.Sent), before.Of(ActivityEventKind.Sent));
        if (sentLately < MinimumSample || sentBefore < MinimumSample)
        {
            return null;
        }

        var (shareLately, shareBefore) = (Share(lately, sentLately), Share(before, sentBefore));
        return shareLately <= shareBefore / 2 && shareBefore > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{shareLately:0} % of the codes sent in the last hour were entered, down from {shareBefore:0} % on the day before. "
                    + $"Check whether a single mail domain is the cause.")
            : null;

        static double Share(Tally tally, long sent) => 100.0 * tally.Of(ActivityEventKind.Verified) / sent;
    }

    private static string? Attack(List<(string Client, long Count)> clients)
    {
        var all = clients.Sum(client => client.Count);
        return all >= MinimumSample && clients[0].Count * 3 >= all && clients[0].Client.Length > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"One client, {clients[0].Client}, entered {clients[0].Count} of the {all} wrong codes of the last hour. "
                    + $"If it continues, block it in front of the portal.")
            : null;
    }

    private static string? Texts((int Sent, int Budget) texts) => texts.Sent * 10L >= texts.Budget * 8L
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{texts.Sent} of {texts.Budget} texts per day (Twilio:TextsPerDay) are used. "
                + $"When all are used, no code is sent to a phone until the next day. The activity log shows who requested them.")
        : null;

}
