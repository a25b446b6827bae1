using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// The delivering side of the outbox. A message is held by one worker at a time, for a while; if its node dies, another takes it when the
/// while is over. The number of the try tells who holds it: what a worker writes after losing it changes nothing.
/// </summary>
public sealed class OutboxStore(
    WriteLane lane, IDbContextFactory<PortalDbContext> databases, RandomNumberGenerator random, TimeProvider clock,
        ILogger<OutboxStore> log)
{
    /// <summary>How long a message is held: longer than any try may take (<see cref="Courier.AttemptTimeout"/>).</summary>
    public static readonly TimeSpan LeaseDuration = Courier.AttemptTimeout + TimeSpan.FromSeconds(5);

    /// <summary>The pause after the first failure; it doubles with each.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before what came of a try is written down again, where that failed.</summary>
    internal static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes up to <paramref name="most"/> messages that are due and that nobody holds.</summary>
    public Task<List<OutboxMessage>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)LeaseDuration.TotalMilliseconds;
        return lane.RunUrgentAsync(
            db => db.Outbox.FromSqlRaw(OutboxSql.Claim, until, now, most).AsNoTracking().ToListAsync(cancellationToken));
    }

    /// <summary>When the next message is due, or null if none waits.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Outbox
            .Where(message => message.State == MessageState.Waiting)
            .Select(message => message.LeasedUntil > message.NextTryAt ? message.LeasedUntil : message.NextTryAt)
            .MinAsync(cancellationToken);
    }

    /// <summary>
    /// Writes down what came of a try. The code is wiped at the end, whatever the end is. Where it cannot be written, it is written again
    /// until the message's hold ends: a message that was handed over and not marked would be sent twice.
    /// </summary>
    /// <param name="message">The message, as it was taken.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="giveUp">Stops writing it again. A write that has begun is not cancelled.</param>
    /// <returns>Until when the message waits, if it does.</returns>
    public async Task<DateTimeOffset?> SettleAsync(OutboxMessage message, DeliveryResult result, CancellationToken giveUp)
    {
        var at = clock.GetUtcNow();
        var isTold = false;
        while (true)
        {
            try
            {
                return await PersistAsync(message, result, at);
            }
            catch (Exception failure) when (!giveUp.IsCancellationRequested && clock.GetUtcNow() + RewriteInterval < message.LeasedUntil)
            {
                if (!isTold)
                {
                    log.LogWarning(
                        failure, "The result of message {Id} could not be saved; trying again until {Until:O}", message.Id,
                            message.LeasedUntil);
                    isTold = true;
                }
            }

            await Task.Delay(RewriteInterval, clock, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<DateTimeOffset?> PersistAsync(OutboxMessage message, DeliveryResult result, DateTimeOffset at)
    {
        switch (result)
        {
            case DeliveryResult.HandedOver:
                await EndAsync(message, MessageState.HandedOver, ActivityEventKind.HandedOver, null, at);
                return null;
            case DeliveryResult.Expired:
                await EndAsync(message, MessageState.Expired, ActivityEventKind.DeliveryExpired, message.LastError, at);
                return null;
            case DeliveryResult.Refused refused:
                await EndAsync(message, MessageState.Refused, ActivityEventKind.DeliveryFailed, refused.Reason, at);
                return null;
            case DeliveryResult.Failed failed:
                return await RescheduleAsync(message, at + Pause(message.Tries, failed.RetryAfter), failed.Reason, isFailure: true);
            default:
                return await RescheduleAsync(message, message.NextTryAt, message.LastError, isFailure: false);
        }
    }

    private async Task<DateTimeOffset?> RescheduleAsync(OutboxMessage message, DateTimeOffset next, string? why, bool isFailure)
    {
        await lane.RunUrgentAsync(
            async db =>
            {
                var put = await Leased(db, message).ExecuteUpdateAsync(row => row
                    .SetProperty(waiting => waiting.LeasedUntil, (DateTimeOffset?)null)
                    .SetProperty(waiting => waiting.NextTryAt, next)
                    .SetProperty(waiting => waiting.LastError, why));
                if (put == 1 && isFailure)
                {
                    await RecordAsync(db, message, ActivityEventKind.DeliveryRetried, why, clock.GetUtcNow());
                }
            });
        return next;
    }

    private Task EndAsync(OutboxMessage message, MessageState state, ActivityEventKind kind, string? why, DateTimeOffset at) =>
        lane.RunUrgentAsync(
            async db =>
            {
                var ended = await Leased(db, message).ExecuteUpdateAsync(row => row
                    .SetProperty(ended => ended.State, state)
                    .SetProperty(ended => ended.EndedAt, at)
                    .SetProperty(ended => ended.LeasedUntil, (DateTimeOffset?)null)
                    .SetProperty(ended => ended.LastError, why)
                    .SetProperty(ended => ended.ProtectedCode, (string?)null));
                if (ended == 1)
                {
                    await RecordAsync(db, message, kind, why, at);
                }
            });

    private static async Task RecordAsync(PortalDbContext db, OutboxMessage message, ActivityEventKind kind, string? why, DateTimeOffset at)
    {
        await db.RecordAsync(new()
        {
            At = at,
            Kind = kind,
            Purpose = message.Kind == MessageKind.Code ? message.Purpose ?? "" : "",
            Channel = message.Channel,
            Address = message.Email,
            Delay = kind == ActivityEventKind.HandedOver ? (long)(at - message.CreatedAt).TotalMilliseconds : null,
            Detail = why ?? "",
        });
    }

    private static IQueryable<OutboxMessage> Leased(PortalDbContext db, OutboxMessage message) =>
        db.Outbox.Where(row => row.Id == message.Id && row.Tries == message.Tries && row.State == MessageState.Waiting);

    // Jittered by a fifth, so that what failed together does not come back together; never sooner than the other side asks.
    private TimeSpan Pause(int tries, TimeSpan? retryAfter)
    {
        var growing = FirstPause * Math.Pow(2, Math.Clamp(tries - 1, 0, 10));
        var pause = growing < LongestPause ? growing : LongestPause;
        Span<byte> one = stackalloc byte[1];
        random.GetBytes(one);
        pause *= 0.8 + (0.4 * one[0] / byte.MaxValue);
        return retryAfter > pause ? retryAfter.Value : pause;
    }

    /// <summary>What waits to be delivered.</summary>
    public static async Task<QueueFigures> QueueAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = db.Outbox.Where(message => message.State == MessageState.Waiting);
        var oldest = await waiting.MinAsync(message => (DateTimeOffset?)message.CreatedAt, cancellationToken);
        return new QueueFigures(await waiting.CountAsync(cancellationToken), (now - oldest)?.TotalSeconds);
    }
}
