using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>
/// What waits to be delivered, for who watches from outside. However many ask, it is read every five seconds at most and by one at a time: the others
/// get what was read last, and nobody waits behind a database that does not answer.
/// </summary>
public sealed class OutboxWatch(IDbContextFactory<PortalDbContext> databases, TimeProvider clock)
{
    /// <summary>A message that has waited for longer says that messages are not getting out.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromMinutes(1);

    /// <summary>What is read is good for so long.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // What goes nowhere is taken for waiting only where strangers look: left out there, a slow mail server would show them which addresses have an account.
    private static readonly string Sql = $"""
        SELECT COUNT(*) FILTER (WHERE Kind <> {(int)MessageKind.Nothing}),
            COALESCE(MIN(CreatedAt) FILTER (WHERE Kind <> {(int)MessageKind.Nothing}), 0),
            COALESCE(MIN(CreatedAt), 0)
        FROM Outbox WHERE State = {(int)MessageState.Waiting}
        """;

    private readonly Lock gate = new();
    private Reading? latest;
    private long? readAt;

    /// <summary>What waits, or null if that cannot be read.</summary>
    public OutboxFigures? Look()
    {
        // Who comes while the first is reading has nothing to go by yet.
        if (gate.TryEnter(Volatile.Read(ref latest) is null ? TimeSpan.FromSeconds(1) : TimeSpan.Zero))
        {
            try
            {
                if (readAt is not { } at || clock.GetElapsedTime(at) >= Fresh)
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
            ? new OutboxFigures(reading.Waiting, Age(reading.Oldest) ?? TimeSpan.Zero, Age(reading.OldestOfAll) > Old)
            : null;
    }

    private TimeSpan? Age(long at) => at == 0 ? null : clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at);

    private Reading? TryRead()
    {
        try
        {
            using var db = databases.CreateDbContext();
            db.Database.OpenConnection();
            using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A constant of this program.
            command.CommandText = Sql;
#pragma warning restore CA2100
            using var row = command.ExecuteReader();
            row.Read();
            return new Reading(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        }
        catch (Exception)
        {
            // Who measures is not to fail. That the database is out of order, the check of the database tells.
            return null;
        }
    }

    private sealed record Reading(long Waiting, long Oldest, long OldestOfAll);
}

/// <summary>What waits to be delivered.</summary>
/// <param name="Waiting">Messages, without those that go nowhere.</param>
/// <param name="Oldest">How long the oldest of them has waited; zero if none waits.</param>
/// <param name="IsOld">Whether one has waited for too long, those that go nowhere included: this is what strangers may know.</param>
public sealed record OutboxFigures(long Waiting, TimeSpan Oldest, bool IsOld);
