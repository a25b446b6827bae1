using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// Claims messages and saves their results. One worker at a time has the lease of a message. If its node stops, another worker claims the
/// message once the lease has ended. The number of tries identifies the lease: what a worker writes after its lease has ended changes
/// nothing.
/// </summary>
internal sealed class OutboxStore(
    WriteLane lane, IDbContextFactory<PortalDbContext> databases, RandomNumberGenerator random, TimeProvider clock,
        ILogger<OutboxStore> log)
{
    /// <summary>How long a lease lasts: longer than any attempt may take (<see cref="Courier.AttemptTimeout"/>).</summary>
    public static readonly TimeSpan LeaseDuration = Courier.AttemptTimeout + TimeSpan.FromSeconds(5);

    /// <summary>The pause after the first failure, which doubles with each further one.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The pause before a result is saved again after a failure to save it.</summary>
    internal static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Claims up to <paramref name="most"/> messages that are due and not leased.</summary>
    public Task<List<OutboxMessage>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)LeaseDuration.TotalMilliseconds;
        return lane.RunUrgentAsync(
            db => db.Outbox.FromSqlRaw(OutboxSql.Claim, until, now, most).AsNoTracking().ToListAsync(cancellationToken));
    }

    /// <summary>When the next message is due; null if none waits.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Outbox
            .Where(message => message.State == MessageState.Waiting)
            .Select(message => message.LeasedUntil > message.NextTryAt ? message.LeasedUntil : message.NextTryAt)
            .MinAsync(cancellationToken);
    }

    /// <summary>
    /// Saves the result of an attempt. The code is deleted when the message ends, for whatever reason. If the result cannot be saved, it is
    /// tried again until the lease ends: a message that was handed over but not marked would be sent twice.
    /// </summary>
    /// <param name="message">The message as it was claimed.</param>
    /// <param name="giveUp">Stops further tries to save the result. A write that has started is not cancelled.</param>
    /// <returns>When the message is tried again; null if it has ended.</returns>
    public async Task<DateTimeOffset?> SettleAsync(OutboxMessage message, DeliveryResult result, CancellationToken giveUp)
    {
        var at = clock.GetUtcNow();
        var isLogged = false;
        while (true)
        {
            try
            {
                return await PersistAsync(message, result, at);
            }
            catch (Exception failure) when (!giveUp.IsCancellationRequested && clock.GetUtcNow() + RewriteInterval < message.LeasedUntil)
            {
                if (!isLogged)
                {
                    log.LogWarning(
                        failure, "The result of message {Id} could not be saved; trying again until {Until:O}", message.Id,
                            message.LeasedUntil);
                    isLogged = true;
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
                var updated = await Leased(db, message).ExecuteUpdateAsync(row => row
                    .SetProperty(waiting => waiting.LeasedUntil, (DateTimeOffset?)null)
                    .SetProperty(waiting => waiting.NextTryAt, next)
                    .SetProperty(waiting => waiting.LastError, why));
                if (updated == 1 && isFailure)
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

    // A jitter of one fifth prevents messages that failed together from being tried together. The pause is never shorter than the server
    // requested.
    private TimeSpan Pause(int tries, TimeSpan? retryAfter)
    {
        var growing = FirstPause * Math.Pow(2, Math.Clamp(tries - 1, 0, 10));
        var pause = growing < LongestPause ? growing : LongestPause;
        Span<byte> one = stackalloc byte[1];
        random.GetBytes(one);
        pause *= 0.8 + (0.4 * one[0] / byte.MaxValue);
        return retryAfter > pause ? retryAfter.Value : pause;
    }

    public static async Task<QueueFigures> QueueAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = db.Outbox.Where(message => message.State == MessageState.Waiting);
        var oldest = await waiting.MinAsync(message => (DateTimeOffset?)message.CreatedAt, cancellationToken);
        return new QueueFigures(await waiting.CountAsync(cancellationToken), (now - oldest)?.TotalSeconds);
    }
}
