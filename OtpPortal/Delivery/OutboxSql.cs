using OtpPortal.Data;

namespace OtpPortal.Delivery;

/// <summary>The statements on the table Outbox.</summary>
internal static class OutboxSql
{
    public const string Accept = """
        INSERT INTO Outbox (Kind, Purpose, Channel, Email, Recipient, RequestedFrom, Correlation, ProtectedCode, CreatedAt, ExpiresAt,
            State, Tries, NextTryAt, EndedAt)
        VALUES (@kind, @purpose, @channel, @email, @recipient, @requestedFrom, @correlation, @code, @now, @expires, @state, 0, @now, @ended)
        """;

    /// <summary>
    /// Waiting messages are found by their code, which only waiting messages have. A search by state would read all waiting messages with
    /// every send, at the very time when an unavailable mail server makes them many.
    /// </summary>
    public static readonly string DropSuperseded = $"""
        UPDATE Outbox SET State = {(int)MessageState.Superseded}, EndedAt = @now, ProtectedCode = NULL
        WHERE Email = @email AND Purpose = @purpose AND ProtectedCode IS NOT NULL
        RETURNING Id
        """;

    /// <summary>Parameters: the end of the lease, the current time, and the maximum number of messages.</summary>
    public const string Claim = """
        UPDATE Outbox SET LeasedUntil = {0}, Tries = Tries + 1
        WHERE Id IN (SELECT Id FROM Outbox
            WHERE State = 0 AND NextTryAt <= {1} AND (LeasedUntil IS NULL OR LeasedUntil <= {1})
            ORDER BY NextTryAt, Id LIMIT {2})
        RETURNING *
        """;

    public static readonly string Waiting = $"""
        SELECT COUNT(*), COALESCE(MIN(CreatedAt), 0) FROM Outbox WHERE State = {(int)MessageState.Waiting}
        """;

    public const string Purge = "DELETE FROM Outbox WHERE Id IN (SELECT Id FROM Outbox WHERE State <> 0 AND EndedAt <= {0} LIMIT {1})";
}
