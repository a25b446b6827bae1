namespace OtpPortal.Otp;

/// <summary>The statements and conditions on the table SentCodes, which has one row for each code that was sent.</summary>
internal static class SentCodesSql
{
    private const string Entered = "SELECT 1 FROM SentCodes WHERE Identifier = @identifier AND Purpose = @purpose AND Hash = @hash AND";

    /// <summary>
    /// The code that was entered is the one that can be redeemed. The states are the numbers of <see cref="Data.SentCodeState"/>.
    /// </summary>
    public const string IsCurrent = $"EXISTS ({Entered} State = 0)";

    /// <summary>It is an earlier code that would still be good.</summary>
    public const string IsEarlier = $"EXISTS ({Entered} State = 1 AND SentCodes.ExpiresAt > @now)";

    /// <summary>
    /// It is the newest code, and was redeemed. For any other code the row goes on looking like one whose code waits: otherwise a stranger
    /// who requested a code would learn from its redemption that the address has an account.
    /// </summary>
    public const string IsRedeemed = $"EXISTS ({Entered} State = 2 AND SentAt = OtpCodes.LastSentAt)";

    /// <summary>A newer code is about to take the place of the current one; codes of days that have passed are not kept.</summary>
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

    /// <summary>The code was right: it is redeemed, and those before it are worthless.</summary>
    public const string Redeem = """
        UPDATE SentCodes SET State = CASE State WHEN 0 THEN 2 ELSE 3 END
        WHERE Identifier = @identifier AND Purpose = @purpose AND State IN (0, 1)
        RETURNING Id
        """;

    public const string CountAttempt = """
        UPDATE SentCodes SET Attempts = Attempts + 1 WHERE Identifier = @identifier AND Purpose = @purpose AND State = 0
        RETURNING Id
        """;

    /// <summary>
    /// Makes all codes of an identifier worthless. To everybody they go on looking as if they waited, as redeemed ones do: otherwise a
    /// stranger who requested a code would learn that somebody's account was changed meanwhile.
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
