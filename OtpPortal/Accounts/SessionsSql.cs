using System.Globalization;

namespace OtpPortal.Accounts;

/// <summary>The statements on the tables Sessions, RefreshTokens and LoginTokens that are written as SQL.</summary>
internal static class SessionsSql
{
    /// <summary>The first use of a token marks it. Every later use finds it marked.</summary>
    public const string UseRefreshToken =
        "UPDATE RefreshTokens SET UsedAt = @now WHERE TokenHash = @hash AND UsedAt IS NULL RETURNING SessionId";

    public const string PurgeLoginTokens =
        "DELETE FROM LoginTokens WHERE TokenHash IN (SELECT TokenHash FROM LoginTokens WHERE ExpiresAt <= {0} LIMIT {1})";

    public static string Purge(SessionOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        DELETE FROM Sessions WHERE Id IN
            (SELECT Id FROM Sessions
             WHERE ExpiresAt <= {0}
                OR (Kind = 0 AND LastUsedAt <= {0} - {{(long)options.BrowserIdleTimeout.TotalMilliseconds}})
                OR (Kind = 1 AND LastUsedAt <= {0} - {{(long)options.RefreshIdleTimeout.TotalMilliseconds}})
             LIMIT {1})
        """);
}
