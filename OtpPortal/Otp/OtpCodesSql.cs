namespace OtpPortal.Otp;

/// <summary>
/// The statements on the table OtpCodes, which has one row for each identifier and purpose. Sending and verifying are a single statement
/// each, so that its WHERE clause and its result decide every race, and not the program.
/// </summary>
internal static class OtpCodesSql
{
    private const string IsLocked = "COALESCE((OtpCodes.Failures >= @budget AND OtpCodes.LastFailureAt + @lockFor > @now), FALSE)";

    /// <summary>Counts a send. No row is returned if a rule refuses the send.</summary>
    public const string Send = $"""
        INSERT INTO OtpCodes (Email, Purpose, ExpiresAt, LastSentAt, Attempts, CreatedAt, VerifiedAt,
            Failures, LastFailureAt, HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
        VALUES (@identifier, @purpose, @expires, @now, 0, @now, NULL, 0, NULL, @now, 1, @now, 1, @now + 86400000)
        ON CONFLICT (Email, Purpose) DO UPDATE SET
            ExpiresAt = excluded.ExpiresAt,
            LastSentAt = excluded.LastSentAt,
            Attempts = 0,
            VerifiedAt = NULL,
            HourSends = CASE WHEN OtpCodes.HourStartedAt + 3600000 <= @now THEN 1 ELSE OtpCodes.HourSends + 1 END,
            HourStartedAt = CASE WHEN OtpCodes.HourStartedAt + 3600000 <= @now THEN @now ELSE OtpCodes.HourStartedAt END,
            DaySends = CASE WHEN OtpCodes.DayStartedAt + 86400000 <= @now THEN 1 ELSE OtpCodes.DaySends + 1 END,
            DayStartedAt = CASE WHEN OtpCodes.DayStartedAt + 86400000 <= @now THEN @now ELSE OtpCodes.DayStartedAt END,
            PurgeAfter = CASE WHEN OtpCodes.PurgeAfter < excluded.PurgeAfter THEN excluded.PurgeAfter ELSE OtpCodes.PurgeAfter END
        WHERE OtpCodes.LastSentAt + @cooldown <= @now
            AND (OtpCodes.HourStartedAt + 3600000 <= @now OR OtpCodes.HourSends < @perHour)
            AND (OtpCodes.DayStartedAt + 86400000 <= @now OR OtpCodes.DaySends < @perDay)
            AND NOT {IsLocked}
        RETURNING LastSentAt
        """;

    /// <summary>
    /// Compares a code and counts the attempt. It is committed before anybody gets a response. No row is returned if there is no code to
    /// compare with.
    /// </summary>
    public const string Verify = $"""
        UPDATE OtpCodes SET
            Attempts = CASE WHEN {SentCodesSql.IsCurrent} OR {SentCodesSql.IsEarlier} THEN Attempts ELSE Attempts + 1 END,
            Failures = CASE WHEN {SentCodesSql.IsCurrent} THEN 0 WHEN {SentCodesSql.IsEarlier} THEN Failures
                WHEN LastFailureAt + @lockFor > @now THEN Failures + 1 ELSE 1 END,
            LastFailureAt = CASE WHEN {SentCodesSql.IsCurrent} THEN NULL WHEN {SentCodesSql.IsEarlier} THEN LastFailureAt ELSE @now END,
            PurgeAfter = CASE WHEN {SentCodesSql.IsCurrent} OR {SentCodesSql.IsEarlier} OR PurgeAfter > @now + @lockFor
                THEN PurgeAfter ELSE @now + @lockFor END,
            VerifiedAt = CASE WHEN {SentCodesSql.IsCurrent} THEN @now ELSE VerifiedAt END
        WHERE Email = @identifier AND Purpose = @purpose
            AND ExpiresAt > @now AND Attempts < @maxAttempts AND NOT {SentCodesSql.IsRedeemed}
            AND NOT {IsLocked}
        RETURNING {SentCodesSql.IsCurrent} AS Verified, {SentCodesSql.IsEarlier} AS Superseded, Attempts, Failures, LastSentAt
        """;

    public const string Unlock = """
        UPDATE OtpCodes SET Failures = 0, LastFailureAt = NULL
        WHERE Email = @identifier AND (Purpose = @purpose OR @purpose = '') AND Failures > 0
        RETURNING Purpose
        """;

    /// <summary>Counts the codes of one purpose, using only its part of the index.</summary>
    public const string Count = """
        SELECT (SELECT COUNT(*) FROM OtpCodes WHERE Purpose = @purpose),
            (SELECT COUNT(*) FROM OtpCodes WHERE Purpose = @purpose AND ExpiresAt > @now AND VerifiedAt IS NULL)
        """;

    /// <summary>The sent codes of a row are deleted with it.</summary>
    public const string Purge = """
        DELETE FROM OtpCodes WHERE (Email, Purpose) IN
            (SELECT Email, Purpose FROM OtpCodes WHERE PurgeAfter <= {0} ORDER BY PurgeAfter LIMIT {1})
        """;

    /// <summary>A condition for other statements: a code of the identifier is being delivered, or can still be entered.</summary>
    /// <param name="identifier">SQL that yields the identifier.</param>
    /// <param name="now">SQL that yields the current time in milliseconds.</param>
    public static string IsWaiting(string identifier, string now) =>
        $"EXISTS (SELECT 1 FROM OtpCodes WHERE OtpCodes.Email = {identifier} AND OtpCodes.ExpiresAt > {now})";
}
