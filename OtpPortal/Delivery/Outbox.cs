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
    private const string AcceptSql = """
        INSERT INTO Outbox (Kind, Purpose, Channel, Email, Recipient, RequestedFrom, Correlation, ProtectedCode, CreatedAt, ExpiresAt, State, Tries, NextTryAt, EndedAt)
        VALUES (@kind, @purpose, @channel, @email, @recipient, @askedFrom, @correlation, @code, @now, @expires, @state, 0, @now, @ended)
        """;

    // Messages whose code is not wiped are those that wait. They are not asked for by their state: SQLite would then look through all
    // that wait, with every send, just
    // when a mail server that is away makes them many.
    internal static readonly string DropSupersededSql = $"""
        UPDATE Outbox SET State = {(int)MessageState.Superseded}, EndedAt = @now, ProtectedCode = NULL
        WHERE Email = @email AND Purpose = @purpose AND ProtectedCode IS NOT NULL
        RETURNING Id
        """;

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
            AcceptSql,
            row => row.FieldCount,
            ("kind", (int)request.Kind),
            ("purpose", (object?)request.Purpose ?? DBNull.Value),
            ("channel", request.Channel),
            ("email", request.Email),
            ("recipient", request.Recipient ?? request.Email),
            ("askedFrom", (object?)request.RequestedFrom ?? DBNull.Value),
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
    /// Tells the owner of an address, within the caller's transaction, that a code was guessed at until it died. Whether it could have been
    /// anybody's code, its own message says; where it could not, a decoy is accepted in the same way.
    /// </summary>
    public async Task AcceptWrongCodesAsync(PortalDbContext db, string email, string purpose)
    {
        var guessed = await db.Outbox.AsNoTracking()
            .Where(message => message.Email == email && message.Purpose == purpose)
            .OrderByDescending(message => message.Id)
            .Select(message => new { message.Kind, message.RequestedFrom })
            .FirstOrDefaultAsync();

        // Told by mail, also to who was named by a mobile number. One that is still being verified has no account that anybody could get
        // into with it.
        var owner = email.Contains('@', StringComparison.Ordinal)
            ? email
            : await db.Users.Where(user => user.PhoneNumber == email && user.PhoneNumberConfirmed).Select(user => user.Email)
            .FirstOrDefaultAsync();
        var told = guessed?.Kind == MessageKind.Code && owner is not null;
        await AcceptAsync(db, new OutboxRequest(told ? MessageKind.WrongCodes : MessageKind.Decoy, email)
        {
            Recipient = owner,
            RequestedFrom = guessed?.RequestedFrom,
        });
    }

    /// <summary>Drops the messages of some identifiers whose codes were ended. Nothing tells of it but that they do not come.</summary>
    public async Task DropCodesAsync(PortalDbContext db, IReadOnlyCollection<string> identifiers)
    {
        var now = clock.GetUtcNow();
        await db.Outbox.Where(message => identifiers.Contains(message.Email) && message.ProtectedCode != null)
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
            DropSupersededSql,
            row => row.GetInt64(0),
            ("email", request.Email),
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
                Address = request.Email,
            });
        }
    }
}
