namespace OtpPortal.Accounts;

/// <summary>The statements on the table PasswordFailures.</summary>
internal static class PasswordFailuresSql
{
    /// <summary>Counts an attempt. No row is returned if the budget is spent.</summary>
    public const string Spend = """
        INSERT INTO PasswordFailures (Email, Failures, LastFailureAt) VALUES (@email, 1, @now)
        ON CONFLICT (Email) DO UPDATE SET
            Failures = CASE WHEN PasswordFailures.LastFailureAt + @lockFor <= @now THEN 1 ELSE PasswordFailures.Failures + 1 END,
            LastFailureAt = @now
        WHERE PasswordFailures.Failures < @budget OR PasswordFailures.LastFailureAt + @lockFor <= @now
        RETURNING Failures
        """;

    public const string Clear = "DELETE FROM PasswordFailures WHERE Email = @email RETURNING Failures";

    public const string Purge =
        "DELETE FROM PasswordFailures WHERE Email IN (SELECT Email FROM PasswordFailures WHERE LastFailureAt <= {0} LIMIT {1})";
}
