using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// The delivering side of the outbox. A message is held by one worker at a time, for a while; if its node dies, another takes it when the
/// while is over. The number of the try tells who holds it: what a worker writes after losing it changes nothing.
/// </summary>
public sealed class OutboxStore(
    WriteLane lane, IDbContextFactory<PortalDbContext> databases, RandomNumberGenerator random, TimeProvider clock, ILogger<OutboxStore> log)
{
    /// <summary>How long a message is held: longer than any try may take (<see cref="Courier.LongestTry"/>).</summary>
    public static readonly TimeSpan Hold = Courier.LongestTry + TimeSpan.FromSeconds(5);

    /// <summary>The pause after the first failure; it doubles with each.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before what came of a try is written down again, where that failed.</summary>
    internal static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes up to <paramref name="most"/> messages that are due and that nobody holds.</summary>
    public Task<List<OutboxMessage>> TakeAsync(int most, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)Hold.TotalMilliseconds;
        return lane.RunUrgentAsync(
            db => db.Outbox.FromSql(
                $"""
                UPDATE Outbox SET TakenUntil = {until}, Tries = Tries + 1
                WHERE Id IN (SELECT Id FROM Outbox
                    WHERE State = 0 AND NextTryAt <= {now} AND (TakenUntil IS NULL OR TakenUntil <= {now})
                    ORDER BY NextTryAt, Id LIMIT {most})
                RETURNING *
                """).AsNoTracking().ToListAsync(cancel));
    }

    /// <summary>When the next message is due, or null if none waits.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Outbox
            .Where(message => message.State == MessageState.Waiting)
            .Select(message => message.TakenUntil > message.NextTryAt ? message.TakenUntil : message.NextTryAt)
            .MinAsync(cancel);
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
                return await WriteDownAsync(message, result, at);
            }
            catch (Exception failure) when (!giveUp.IsCancellationRequested && clock.GetUtcNow() + RewriteInterval < message.TakenUntil)
            {
                if (!isTold)
                {
                    log.LogWarning(
                        failure, "What came of message {Id} could not be written down; it is written again until {Until:O}", message.Id, message.TakenUntil);
                    isTold = true;
                }
            }

            await Task.Delay(RewriteInterval, clock, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<DateTimeOffset?> WriteDownAsync(OutboxMessage message, DeliveryResult result, DateTimeOffset at)
    {
        switch (result)
        {
            case DeliveryResult.HandedOver:
                await EndAsync(message, MessageState.HandedOver, ActivityKind.HandedOver, null, at);
                return null;
            case DeliveryResult.Expired:
                await EndAsync(message, MessageState.Expired, ActivityKind.DeliveryExpired, message.LastError, at);
                return null;
            case DeliveryResult.Refused refused:
                await EndAsync(message, MessageState.Refused, ActivityKind.DeliveryFailed, refused.Why, at);
                return null;
            case DeliveryResult.Failed failed:
                return await PutOffAsync(message, at + Pause(message.Tries, failed.RetryAfter), failed.Why, isFailure: true);
            default:
                return await PutOffAsync(message, message.NextTryAt, message.LastError, isFailure: false);
        }
    }

    private async Task<DateTimeOffset?> PutOffAsync(OutboxMessage message, DateTimeOffset next, string? why, bool isFailure)
    {
        await lane.RunUrgentAsync(
            async db =>
            {
                var put = await Held(db, message).ExecuteUpdateAsync(row => row
                    .SetProperty(waiting => waiting.TakenUntil, (DateTimeOffset?)null)
                    .SetProperty(waiting => waiting.NextTryAt, next)
                    .SetProperty(waiting => waiting.LastError, why));
                if (put == 1 && isFailure)
                {
                    await NoteAsync(db, message, ActivityKind.DeliveryRetried, why, clock.GetUtcNow());
                }
            });
        return next;
    }

    private Task EndAsync(OutboxMessage message, MessageState state, ActivityKind kind, string? why, DateTimeOffset at) =>
        lane.RunUrgentAsync(
            async db =>
            {
                var ended = await Held(db, message).ExecuteUpdateAsync(row => row
                    .SetProperty(ended => ended.State, state)
                    .SetProperty(ended => ended.EndedAt, at)
                    .SetProperty(ended => ended.TakenUntil, (DateTimeOffset?)null)
                    .SetProperty(ended => ended.LastError, why)
                    .SetProperty(ended => ended.ProtectedCode, (string?)null));
                if (ended == 1)
                {
                    await NoteAsync(db, message, kind, why, at);
                }
            });

    private static async Task NoteAsync(PortalDbContext db, OutboxMessage message, ActivityKind kind, string? why, DateTimeOffset at)
    {
        await db.NoteAsync(new()
        {
            At = at,
            Kind = kind,
            Purpose = message.Kind == MessageKind.Code ? message.Purpose ?? "" : "",
            Channel = message.Channel,
            Address = message.Email,
            Delay = kind == ActivityKind.HandedOver ? (long)(at - message.CreatedAt).TotalMilliseconds : null,
            Detail = why ?? "",
        });
    }

    private static IQueryable<OutboxMessage> Held(PortalDbContext db, OutboxMessage message) =>
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
}
