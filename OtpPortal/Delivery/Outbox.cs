using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// The accepting side of delivery: a message is written in the transaction of what it tells about, and the worker is woken by its
/// commit.
/// </summary>
public sealed class Outbox(IDataProtectionProvider protection, OutboxSignal signal, ChannelProbeWorker probes, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.Outbox");

    /// <summary>Accepts a message within the caller's transaction.</summary>
    public async Task AcceptAsync(PortalDbContext db, OutboxRequest request)
    {
        var now = clock.GetUtcNow();
        if (request.Code is not null)
        {
            await DropSupersededAsync(db, request, now);
        }

        // A decoy is written and protected like a message, so that it takes the same time, but it has ended before anybody could deliver
        // it.
        var isDecoy = request.Kind == MessageKind.Decoy;
        var protectedCode = request.Code is null ? null : protector.Protect(request.Code);
        await db.QueryAsync(
            OutboxSql.Accept,
            row => row.FieldCount,
            ("kind", (int)request.Kind),
            ("purpose", (object?)request.Purpose ?? DBNull.Value),
            ("channel", request.Channel),
            ("email", request.Identifier.Value),
            ("recipient", (request.Recipient ?? request.Identifier).Value),
            ("requestedFrom", (object?)request.RequestedFrom ?? DBNull.Value),
            ("correlation", db.RequestContext.Correlation),
            ("code", isDecoy || protectedCode is null ? DBNull.Value : protectedCode),
            ("now", now.ToUnixTimeMilliseconds()),
            ("expires", (now + request.ExpiresIn).ToUnixTimeMilliseconds()),
            ("state", (int)(isDecoy ? MessageState.HandedOver : MessageState.Waiting)),
            ("ended", isDecoy ? now.ToUnixTimeMilliseconds() : DBNull.Value));
        db.OnCommitted(signal.Wake);
        db.OnCommitted(() => probes.Request(request.Channel));
    }

    /// <summary>
    /// Notifies the owner of an identifier, within the caller's transaction, that a code was guessed at until it died. Whether it could
    /// have been anybody's code, its own message says; where it could not, a decoy is accepted in the same way.
    /// </summary>
    /// <param name="owner">The address of the owner; null where nobody is to be notified.</param>
    public async Task AcceptWrongCodesAsync(PortalDbContext db, Identifier identifier, string purpose, EmailAddress? owner)
    {
        var value = identifier.Value;
        var guessed = await db.Outbox.AsNoTracking()
            .Where(message => message.Email == value && message.Purpose == purpose)
            .OrderByDescending(message => message.Id)
            .Select(message => new { message.Kind, message.RequestedFrom })
            .FirstOrDefaultAsync();
        var isNotified = guessed?.Kind == MessageKind.Code && owner is not null;
        await AcceptAsync(db, new OutboxRequest(isNotified ? MessageKind.WrongCodes : MessageKind.Decoy, identifier)
        {
            Recipient = owner,
            RequestedFrom = guessed?.RequestedFrom,
        });
    }

    /// <summary>How the newest code of an identifier and purpose travelled; null where there is none (any more).</summary>
    public async Task<string?> LastChannelAsync(PortalDbContext db, Identifier identifier, Purpose purpose)
    {
        var (value, name) = (identifier.Value, purpose.Name());
        return await db.Outbox.Where(message => message.Email == value && message.Purpose == name)
            .OrderByDescending(message => message.Id).Select(message => message.Channel).FirstOrDefaultAsync();
    }

    /// <summary>Drops the messages of some identifiers whose codes were ended. The only sign of it is that they do not come.</summary>
    public async Task DropCodesAsync(PortalDbContext db, IReadOnlyCollection<Identifier> identifiers)
    {
        var now = clock.GetUtcNow();
        var values = identifiers.Select(identifier => identifier.Value).ToList();
        await db.Outbox.Where(message => values.Contains(message.Email) && message.ProtectedCode != null)
            .ExecuteUpdateAsync(row => row
                .SetProperty(message => message.State, MessageState.Superseded)
                .SetProperty(message => message.EndedAt, now)
                .SetProperty(message => message.ProtectedCode, (string?)null));
    }

    /// <summary>The code of a message, or null if it carries none or the keys that protected it are gone.</summary>
    internal string? UnprotectCode(OutboxMessage message)
    {
        try
        {
            return message.ProtectedCode is null ? null : protector.Unprotect(message.ProtectedCode);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    // A code that waits while a newer one takes its place is worthless: better no mail than one whose code is refused.
    private static async Task DropSupersededAsync(PortalDbContext db, OutboxRequest request, DateTimeOffset now)
    {
        var dropped = await db.QueryAsync(
            OutboxSql.DropSuperseded,
            row => row.GetInt64(0),
            ("email", request.Identifier.Value),
            ("purpose", (object?)request.Purpose ?? DBNull.Value),
            ("now", now.ToUnixTimeMilliseconds()));
        if (dropped.Count > 0)
        {
            await db.RecordAsync(new()
            {
                At = now,
                Kind = ActivityEventKind.DeliverySuperseded,
                Purpose = request.Purpose ?? "",
                Channel = request.Channel,
                Address = request.Identifier.Value,
            });
        }
    }
}
