using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>The accepting side of delivery: a message is written in the transaction of what it tells about, and the worker is woken by its commit.</summary>
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

        // A decoy is written and protected like a message, so that it takes the same time, but it has ended before anybody could deliver it.
        var isDecoy = request.Kind == MessageKind.Nothing;
        var protectedCode = request.Code is null ? null : protector.Protect(request.Code);
        db.Outbox.Add(new OutboxMessage
        {
            Kind = request.Kind,
            Purpose = request.Purpose,
            Channel = request.Channel,
            Email = request.Email,
            Recipient = request.Recipient ?? request.Email,
            AskedFrom = request.AskedFrom,
            Correlation = db.Origin.Correlation,
            ProtectedCode = isDecoy ? null : protectedCode,
            CreatedAt = now,
            ExpiresAt = now + request.ExpiresIn,
            State = isDecoy ? MessageState.HandedOver : MessageState.Waiting,
            EndedAt = isDecoy ? now : null,
            NextTryAt = now,
        });
        await db.SaveChangesAsync();
        db.OnCommitted(signal.Wake);
        db.OnCommitted(() => probes.Request(request.Channel));
    }

    /// <summary>
    /// Tells the owner of an address, within the caller's transaction, that a code was guessed at until it died. Whether it could have been
    /// anybody's code, its own message says; where it could not, a message that goes nowhere is accepted in the same way.
    /// </summary>
    public async Task AcceptWrongCodesAsync(PortalDbContext db, string email, string purpose)
    {
        var guessed = await db.Outbox.AsNoTracking()
            .Where(message => message.Email == email && message.Purpose == purpose)
            .OrderByDescending(message => message.Id)
            .Select(message => new { message.Kind, message.AskedFrom })
            .FirstOrDefaultAsync();

        // Told by mail, also to who was named by a mobile number. One that is still being verified has no account that anybody could get into with it.
        var owner = email.Contains('@', StringComparison.Ordinal)
            ? email
            : await db.Users.Where(user => user.PhoneNumber == email && user.PhoneNumberConfirmed).Select(user => user.Email).FirstOrDefaultAsync();
        var told = guessed?.Kind == MessageKind.Code && owner is not null;
        await AcceptAsync(db, new OutboxRequest(told ? MessageKind.WrongCodes : MessageKind.Nothing, email)
        {
            Recipient = owner,
            AskedFrom = guessed?.AskedFrom,
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
    internal string? CodeOf(OutboxMessage message)
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
        var dropped = await WithCode(db, request.Email, request.Purpose)
            .ExecuteUpdateAsync(row => row
                .SetProperty(message => message.State, MessageState.Superseded)
                .SetProperty(message => message.EndedAt, now)
                .SetProperty(message => message.ProtectedCode, (string?)null));
        if (dropped > 0)
        {
            await db.NoteAsync(new()
            {
                At = now,
                Kind = ActivityKind.DeliverySuperseded,
                Purpose = request.Purpose ?? "",
                Channel = request.Channel,
                Address = request.Email,
            });
        }
    }

    /// <summary>
    /// Messages whose code is not wiped, which are those that wait. Not asked for by their state: SQLite would then look through all that wait, with every
    /// send, just when a mail server that is away makes them many.
    /// </summary>
    internal static IQueryable<OutboxMessage> WithCode(PortalDbContext db, string email, string? purpose) =>
        db.Outbox.Where(message => message.Email == email && message.Purpose == purpose && message.ProtectedCode != null);
}
