using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// What waits to be delivered, for who watches from outside. However many ask, it is read every five seconds at most and by one at a time:
/// the others get what was read last, and nobody waits behind a database that does not answer.
/// </summary>
public sealed class OutboxMonitor(IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>What is read is good for so long.</summary>
    internal static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Reading? latest;
    private long? readAt;

    /// <summary>What waits, or null if that cannot be read.</summary>
    public OutboxFigures? Refresh()
    {
        // Who comes while the first is reading has nothing to go by yet.
        if (gate.TryEnter(Volatile.Read(ref latest) is null ? TimeSpan.FromSeconds(1) : TimeSpan.Zero))
        {
            try
            {
                if (readAt is not { } at || clock.GetElapsedTime(at) >= ValidFor)
                {
                    latest = TryRead();
                    readAt = clock.GetTimestamp();
                }
            }
            finally
            {
                gate.Exit();
            }
        }

        return Volatile.Read(ref latest) is { } reading
            ? new OutboxFigures(reading.Waiting,
                reading.Oldest == 0 ? TimeSpan.Zero : clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(reading.Oldest))
            : null;
    }

    private Reading? TryRead()
    {
        try
        {
            using var db = databases.CreateDbContext();
            db.Database.OpenConnection();
            using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A constant of this program.
            command.CommandText = OutboxSql.Waiting;
#pragma warning restore CA2100
            using var row = command.ExecuteReader();
            row.Read();
            return new Reading(row.GetInt64(0), row.GetInt64(1));
        }
        catch (Exception)
        {
            // Who measures is not to fail. That the database is out of order, the check of the database tells.
            return null;
        }
    }

    private sealed record Reading(long Waiting, long Oldest);
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">Messages.</param>
/// <param name="Oldest">How long the oldest of them has waited; zero if none waits.</param>
public sealed record OutboxFigures(long Waiting, TimeSpan Oldest);
