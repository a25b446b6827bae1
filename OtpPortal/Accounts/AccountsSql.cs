namespace OtpPortal.Accounts;

/// <summary>The statements on accounts that are written as SQL.</summary>
internal static class AccountsSql
{
    public const string RecipientByEmail = """
        SELECT Account.Id, Account.NormalizedEmail, CASE WHEN Account.PhoneNumberConfirmed THEN Account.PhoneNumber END,
            EXISTS (SELECT 1 FROM PendingRegistrations WHERE Email = @identifier)
        FROM (SELECT 1 AS One) AS Always LEFT JOIN AspNetUsers AS Account ON Account.NormalizedEmail = @identifier
        """;

    public const string RecipientByMobile = """
        SELECT Account.Id, Account.NormalizedEmail, Account.PhoneNumber, FALSE
        FROM (SELECT 1 AS One) AS Always
            LEFT JOIN AspNetUsers AS Account ON Account.PhoneNumber = @identifier AND Account.PhoneNumberConfirmed
        """;

    public const string NewestFirst = "SELECT Id FROM AspNetUsers WHERE Id < @before ORDER BY Id DESC LIMIT @most";

    /// <summary>One text for each account, with each part on its own line, so that no match spans two parts.</summary>
    public const string SearchTexts = """
        SELECT Id, NormalizedEmail || char(10) || COALESCE(FirstName, '') || ' ' || COALESCE(LastName, '') || char(10)
            || NormalizedUserName || char(10) || COALESCE(PhoneNumber, '')
        FROM AspNetUsers WHERE Id < @before ORDER BY Id DESC LIMIT @batch
        """;

    public const string GrantAdmin =
        "UPDATE AspNetUsers SET IsAdmin = 1 WHERE NormalizedEmail = @email AND NOT IsAdmin RETURNING Id";

    public const string RevokeAdmin = """
        UPDATE AspNetUsers SET IsAdmin = 0
        WHERE NormalizedEmail = @email AND IsAdmin
            AND (@evenTheLast OR EXISTS (SELECT 1 FROM AspNetUsers AS Other WHERE Other.IsAdmin AND Other.Id <> AspNetUsers.Id))
        RETURNING Id
        """;
}
