using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Admin;

/// <summary>Collects the figures of the page of codes: events, stored codes, the queue and alerts.</summary>
internal sealed class Statistics(
    IDbContextFactory<PortalDbContext> databases, OtpStore codes, TextLimits texts, TimeProvider clock)
{
    public async Task<OtpStatistics> ReadAsync(StatisticsRange range, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);

        // All figures come from one snapshot, because events are counted at the same time.
        await using var moment = await db.BeginSnapshotAsync();
        var now = clock.GetUtcNow();
        var from = range.From(now);
        var events = await EventStatistics.ReadAsync(db, range, from);
        var queue = await OutboxStore.QueueAsync(db, now, cancellationToken);
        return new OtpStatistics(range.Name, from, now)
        {
            Codes = await CodesAsync(db, now),
            Total = events.Total,
            ByPurpose = events.ByPurpose,
            Bars = events.Bars,
            Domains = events.Domains,
            Queue = queue,
            Alerts = await OtpPortal.Activity.Alerts.ReadAsync(db, queue, await texts.OfTodayAsync(db), now),
        };
    }

    private async Task<IReadOnlyList<CodesOfPurpose>> CodesAsync(PortalDbContext db, DateTimeOffset now)
    {
        var figures = new List<CodesOfPurpose>();
        foreach (var purpose in Enum.GetValues<Purpose>())
        {
            var (active, all) = await codes.CountAsync(db, purpose, now);
            figures.Add(new CodesOfPurpose(purpose.Name(), active, all - active));
        }

        return figures;
    }
}
