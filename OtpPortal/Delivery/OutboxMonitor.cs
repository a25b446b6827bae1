using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>
/// Reads the queue of messages for monitoring. However many requests there are, the queue is read at most every five seconds and by one of
/// them at a time. The others get the last result, and nobody waits for a database that does not answer.
/// </summary>
internal sealed class OutboxMonitor(IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>How long a result is valid.</summary>
    internal static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Reading? latest;
    private long? readAt;

    /// <summary>The state of the queue; null if it cannot be read.</summary>
    public OutboxFigures? Refresh()
    {
        // Before the first result, the others wait for it.
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
            // A failure must not break the collection of metrics. The health check of the database reports it.
            return null;
        }
    }

    private sealed record Reading(long Waiting, long Oldest);
}

/// <summary>The state of the queue of messages.</summary>
/// <param name="Waiting">The number of waiting messages.</param>
/// <param name="Oldest">How long the oldest message has waited; zero if none waits.</param>
internal sealed record OutboxFigures(long Waiting, TimeSpan Oldest);
