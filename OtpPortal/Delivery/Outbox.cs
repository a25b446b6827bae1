using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// Accepts messages for delivery. A message is written in the transaction of the event that it is about, and the commit wakes the delivery
/// worker.
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

        // A decoy is written and protected like a message, so that it takes the same time, but it is marked as handed over and never
        // delivered.
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
    /// Notifies the owner of an identifier, within the caller's transaction, that a code had too many wrong guesses. The message of that
    /// code shows whether it was a real code. If it was not, a decoy is accepted in the same way.
    /// </summary>
    /// <param name="owner">The address of the owner; null if nobody is to be notified.</param>
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

    /// <summary>The channel of the newest code of an identifier and purpose; null if there is no code or its message was purged.</summary>
    public async Task<string?> LastChannelAsync(PortalDbContext db, Identifier identifier, Purpose purpose)
    {
        var (value, name) = (identifier.Value, purpose.Name());
        return await db.Outbox.Where(message => message.Email == value && message.Purpose == name)
            .OrderByDescending(message => message.Id).Select(message => message.Channel).FirstOrDefaultAsync();
    }

    /// <summary>
    /// Drops the messages of identifiers whose codes were invalidated. The only visible effect is that the messages do not arrive.
    /// </summary>
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

    /// <summary>The code of a message; null if it has none, or if the keys that protected it no longer exist.</summary>
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

    // A waiting code is worthless once a newer one replaces it, and no mail is better than a mail with an invalid code.
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
