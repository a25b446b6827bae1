using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// Codes in a relational database. Send and verify are one statement each: the WHERE clause and the row that comes back
/// decide every race, not the program.
/// </summary>
public sealed class OtpStore
{
    /// <summary>Earlier codes that are remembered, at most. With the default rules five can be alive at once.</summary>
    private const int EarlierKept = 16;

    // An earlier code stands in OtpCodes.EarlierCodes as HASH@EXPIRY; with a hash of 64 and an expiry of 13 characters
    // (Unix milliseconds, until the year 2286).
    private const int EntryLength = 64 + 1 + 13 + 1;

    private const string Locked = "(Failures >= @budget AND LastFailureAt + @lockFor > @now)";

    /// <summary>
    /// What stands before the hash of a code that was redeemed. To everybody but who has that very code, the row goes on looking like one
    /// whose code waits: otherwise a stranger who asked for a code would learn from its redemption that the address has an account.
    /// </summary>
    internal const string Redeemed = "redeemed:";

    private static readonly string SendSql = $"""
        INSERT INTO OtpCodes (Email, Purpose, CodeHash, ExpiresAt, LastSentAt, Attempts, CreatedAt, VerifiedAt, EarlierCodes,
            Failures, LastFailureAt, HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
        VALUES (@email, @purpose, @hash, @expires, @now, 0, @now, NULL, '', 0, NULL, @now, 1, @now, 1, @now + 86400000)
        ON CONFLICT (Email, Purpose) DO UPDATE SET
            CodeHash = excluded.CodeHash,
            ExpiresAt = excluded.ExpiresAt,
            LastSentAt = excluded.LastSentAt,
            Attempts = 0,
            VerifiedAt = NULL,
            EarlierCodes = CASE WHEN OtpCodes.VerifiedAt IS NULL AND OtpCodes.ExpiresAt > @now
                THEN substr(OtpCodes.CodeHash || '@' || OtpCodes.ExpiresAt || ';' || OtpCodes.EarlierCodes, 1, {EarlierKept * EntryLength})
                ELSE OtpCodes.EarlierCodes END,
            HourSends = CASE WHEN OtpCodes.HourStartedAt + 3600000 <= @now THEN 1 ELSE OtpCodes.HourSends + 1 END,
            HourStartedAt = CASE WHEN OtpCodes.HourStartedAt + 3600000 <= @now THEN @now ELSE OtpCodes.HourStartedAt END,
            DaySends = CASE WHEN OtpCodes.DayStartedAt + 86400000 <= @now THEN 1 ELSE OtpCodes.DaySends + 1 END,
            DayStartedAt = CASE WHEN OtpCodes.DayStartedAt + 86400000 <= @now THEN @now ELSE OtpCodes.DayStartedAt END,
            PurgeAfter = CASE WHEN OtpCodes.PurgeAfter < excluded.PurgeAfter THEN excluded.PurgeAfter ELSE OtpCodes.PurgeAfter END
        WHERE OtpCodes.LastSentAt + @cooldown <= @now
            AND (OtpCodes.HourStartedAt + 3600000 <= @now OR OtpCodes.HourSends < @perHour)
            AND (OtpCodes.DayStartedAt + 86400000 <= @now OR OtpCodes.DaySends < @perDay)
            AND NOT COALESCE((OtpCodes.Failures >= @budget AND OtpCodes.LastFailureAt + @lockFor > @now), FALSE)
        RETURNING LastSentAt
        """;

    private const string Match = "CodeHash = @hash";

    private const string Earlier = """
        (instr(EarlierCodes, @hash) > 0
         AND CAST(substr(EarlierCodes, instr(EarlierCodes, @hash) + 65, 13) AS BIGINT) > @now)
        """;

    // The attempt is paid in the same statement that compares, and committed before anybody is answered.
    private const string VerifySql = $"""
        UPDATE OtpCodes SET
            Attempts = CASE WHEN {Match} OR {Earlier} THEN Attempts ELSE Attempts + 1 END,
            Failures = CASE WHEN {Match} THEN 0 WHEN {Earlier} THEN Failures
                WHEN LastFailureAt + @lockFor > @now THEN Failures + 1 ELSE 1 END,
            LastFailureAt = CASE WHEN {Match} THEN NULL WHEN {Earlier} THEN LastFailureAt ELSE @now END,
            PurgeAfter = CASE WHEN {Match} OR {Earlier} OR PurgeAfter > @now + @lockFor THEN PurgeAfter ELSE @now + @lockFor END,
            VerifiedAt = CASE WHEN {Match} THEN @now ELSE VerifiedAt END,
            EarlierCodes = CASE WHEN {Match} THEN '' ELSE EarlierCodes END,
            CodeHash = CASE WHEN {Match} THEN '{Redeemed}' || @hash ELSE CodeHash END
        WHERE Email = @email AND Purpose = @purpose
            AND ExpiresAt > @now AND Attempts < @maxAttempts AND CodeHash <> '{Redeemed}' || @hash
            AND NOT COALESCE({Locked}, FALSE)
        RETURNING CASE WHEN CodeHash = '{Redeemed}' || @hash THEN 1 ELSE 0 END AS Verified,
            CASE WHEN {Earlier} THEN 1 ELSE 0 END AS Superseded,
            Attempts, Failures, LastSentAt
        """;

    /// <summary>Writes a new code in the place of the one before.</summary>
    /// <returns>True if it was written; false if a rule refused it.</returns>
    public async Task<bool> SendAsync(
        PortalDbContext db, string email, Purpose purpose, string hash, OtpOptions options, DateTimeOffset now)
    {
        var rules = options.For(purpose);
        var written = await db.QueryAsync(
            SendSql,
            row => row.GetInt64(0),
            ("email", email),
            ("purpose", purpose.Name()),
            ("hash", hash),
            ("now", Milliseconds(now)),
            ("expires", Milliseconds(now + rules.Expiry)),
            ("cooldown", Milliseconds(rules.Cooldown)),
            ("perHour", rules.SendsPerHour),
            ("perDay", rules.SendsPerDay),
            ("budget", options.FailureBudget),
            ("lockFor", Milliseconds(options.LockFor)));
        return written.Count == 1;
    }

    /// <summary>Pays for the attempt, compares, and consumes the code if it matches.</summary>
    /// <returns>The row after the comparison, or null if there was no code to compare with.</returns>
    public async Task<Comparison?> VerifyAsync(
        PortalDbContext db, string email, Purpose purpose, string hash, OtpOptions options, DateTimeOffset now)
    {
        var rows = await db.QueryAsync(
            VerifySql,
            row => new Comparison(
                row.GetInt64(0) == 1,
                row.GetInt64(1) == 1,
                row.GetInt32(2),
                row.GetInt32(3),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
            ("email", email),
            ("purpose", purpose.Name()),
            ("hash", hash),
            ("now", Milliseconds(now)),
            ("maxAttempts", options.For(purpose).MaxAttempts),
            ("budget", options.FailureBudget),
            ("lockFor", Milliseconds(options.LockFor)));
        return rows.SingleOrDefault();
    }

    /// <summary>
    /// The stored row, or null. One whose time is over is as good as purged, so that nobody can tell whether the purge
    /// ran.
    /// </summary>
    public Task<OtpCode?> FindAsync(
        PortalDbContext db, string email, Purpose purpose, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = purpose.Name();
        return db.OtpCodes.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Email == email && row.Purpose == name && row.PurgeAfter > now, cancellationToken);
    }

    /// <summary>Gives an address its failure budget back. Nothing else of its codes changes.</summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="email">The address or mobile number.</param>
    /// <param name="purpose">The purpose; null for all.</param>
    /// <returns>How many budgets were not whole.</returns>
    public async Task<int> UnlockAsync(PortalDbContext db, string email, Purpose? purpose)
    {
        var whole = await db.QueryAsync(
            "UPDATE OtpCodes SET Failures = 0, LastFailureAt = NULL WHERE Email = @email AND (Purpose = @purpose OR @purpose = '') AND "
                + "Failures > 0 RETURNING Purpose",
            row => row.GetString(0),
            ("email", email),
            ("purpose", purpose?.Name() ?? ""));
        return whole.Count;
    }

    /// <summary>
    /// Makes all codes of some identifiers worthless, those that were superseded too. To everybody they go on looking as if they waited,
    /// as redeemed ones do: otherwise
    /// a stranger who asked for a code would learn that somebody's account was changed meanwhile.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="identifiers">Normalised addresses and mobile numbers.</param>
    /// <param name="unmatchable">What takes the place of their hashes.</param>
    public async Task EndAsync(PortalDbContext db, IEnumerable<string> identifiers, string unmatchable)
    {
        foreach (var identifier in identifiers)
        {
            await db.QueryAsync(
                "UPDATE OtpCodes SET CodeHash = @hash, EarlierCodes = '' WHERE Email = @identifier AND VerifiedAt IS NULL",
                row => row.FieldCount,
                ("hash", unmatchable),
                ("identifier", identifier));
        }
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    /// <summary>The row after a comparison.</summary>
    /// <param name="Verified">The code matched and is now consumed.</param>
    /// <param name="Superseded">It was an earlier code.</param>
    /// <param name="Attempts">Wrong guesses against the current code, this one included.</param>
    /// <param name="Failures">Wrong guesses in a row, this one included.</param>
    /// <param name="LastSentAt">When the current code was sent.</param>
    public sealed record Comparison(bool Verified, bool Superseded, int Attempts, int Failures, DateTimeOffset LastSentAt);

    // One purpose at a time: its part of the index is counted without looking into it.
    private const string CountSql = """
        SELECT (SELECT COUNT(*) FROM OtpCodes WHERE Purpose = @purpose),
            (SELECT COUNT(*) FROM OtpCodes WHERE Purpose = @purpose AND ExpiresAt > @now AND VerifiedAt IS NULL)
        """;

    /// <summary>How many codes of a purpose are stored, and how many of them can be redeemed now.</summary>
    public async Task<(long Active, long All)> CountAsync(PortalDbContext db, Purpose purpose, DateTimeOffset now) => (await db.QueryAsync(
        CountSql, row => (row.GetInt64(1), row.GetInt64(0)), ("purpose", purpose.Name()), ("now", now.ToUnixTimeMilliseconds())))[0];
}
