namespace OtpPortal.Otp;

/// <summary>The statements and conditions on the table SentCodes, which has one row for each code that was sent.</summary>
internal static class SentCodesSql
{
    private const string Entered = "SELECT 1 FROM SentCodes WHERE Identifier = @identifier AND Purpose = @purpose AND Hash = @hash AND";

    /// <summary>The entered code is the one that can be redeemed. The states are the numbers of <see cref="Data.SentCodeState"/>.</summary>
    public const string IsCurrent = $"EXISTS ({Entered} State = 0)";

    /// <summary>The entered code is an earlier one that would still be valid.</summary>
    public const string IsEarlier = $"EXISTS ({Entered} State = 1 AND SentCodes.ExpiresAt > @now)";

    /// <summary>
    /// The entered code is the newest one, and was redeemed. For any other code, the row still looks as if its code could be redeemed.
    /// Otherwise a stranger who requested a code would learn from its redemption that the address has an account.
    /// </summary>
    public const string IsRedeemed = $"EXISTS ({Entered} State = 2 AND SentAt = OtpCodes.LastSentAt)";

    /// <summary>Marks the current code before a newer one replaces it.</summary>
    public const string Supersede = """
        UPDATE SentCodes SET State = 1 WHERE Identifier = @identifier AND Purpose = @purpose AND State = 0
        RETURNING Id
        """;

    public const string DeleteOld = """
        DELETE FROM SentCodes WHERE Identifier = @identifier AND Purpose = @purpose AND ExpiresAt + 86400000 <= @now
        RETURNING Id
        """;

    public const string Add = """
        INSERT INTO SentCodes (Identifier, Purpose, Binding, Hash, SentAt, ExpiresAt, Attempts, State)
        VALUES (@identifier, @purpose, @binding, @hash, @now, @expires, 0, 0)
        """;

    /// <summary>Marks the code as redeemed, and the codes before it as worthless.</summary>
    public const string Redeem = """
        UPDATE SentCodes SET State = CASE State WHEN 0 THEN 2 ELSE 3 END
        WHERE Identifier = @identifier AND Purpose = @purpose AND State IN (0, 1)
        RETURNING Id
        """;

    /// <summary>Counts for the newest code, whatever has become of it, so that a wrong guess takes the same statements.</summary>
    public const string CountAttempt = """
        UPDATE SentCodes SET Attempts = Attempts + 1
        WHERE Identifier = @identifier AND Purpose = @purpose AND SentAt = @sentAt
        RETURNING Id
        """;

    /// <summary>
    /// Invalidates all codes of an identifier. To everybody else they still look as if they could be redeemed, as redeemed codes do.
    /// Otherwise a stranger who requested a code would learn that the account was changed.
    /// </summary>
    public const string End = """
        UPDATE SentCodes SET State = 3 WHERE Identifier = @identifier AND State IN (0, 1)
        RETURNING Id
        """;

    public const string IsNewestRedeemed = """
        SELECT 1 FROM SentCodes
        WHERE Identifier = @identifier AND Purpose = @purpose AND Hash = @hash AND State = 2 AND SentAt = @sentAt
        """;
}
