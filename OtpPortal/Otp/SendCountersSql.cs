namespace OtpPortal.Otp;

/// <summary>The statements on the table SendCounters.</summary>
internal static class SendCountersSql
{
    public const string Find = "SELECT HourStartedAt, HourCount, DayStartedAt, DayCount FROM SendCounters WHERE Key = @key";

    public const string Add = """
        INSERT INTO SendCounters (Key, HourStartedAt, HourCount, DayStartedAt, DayCount, PurgeAfter)
        VALUES (@key, @now, 1, @now, 1, @now + 86400000)
        ON CONFLICT (Key) DO UPDATE SET
            HourCount = CASE WHEN SendCounters.HourStartedAt + 3600000 <= @now THEN 1 ELSE SendCounters.HourCount + 1 END,
            HourStartedAt = CASE WHEN SendCounters.HourStartedAt + 3600000 <= @now THEN @now ELSE SendCounters.HourStartedAt END,
            DayCount = CASE WHEN SendCounters.DayStartedAt + 86400000 <= @now THEN 1 ELSE SendCounters.DayCount + 1 END,
            DayStartedAt = CASE WHEN SendCounters.DayStartedAt + 86400000 <= @now THEN @now ELSE SendCounters.DayStartedAt END,
            PurgeAfter = @now + 86400000
        """;

    public const string Purge =
        "DELETE FROM SendCounters WHERE Key IN (SELECT Key FROM SendCounters WHERE PurgeAfter <= {0} LIMIT {1})";
}
