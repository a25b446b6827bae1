using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>Stores codes in a relational database. Single statements decide races (<see cref="OtpCodesSql"/>).</summary>
public sealed class OtpStore
{
    /// <summary>Stores a new code, which replaces the one before.</summary>
    /// <param name="hash">The hash of the code, or a random one if no code may match.</param>
    /// <returns>False if a rule refused the send.</returns>
    public async Task<bool> SendAsync(PortalDbContext db, SendRequest request, string hash, OtpOptions options, DateTimeOffset now)
    {
        var rules = options.For(request.Purpose);
        var (identifier, purpose, at) = (request.Identifier.Value, request.Purpose.Name(), now.ToUnixTimeMilliseconds());
        var expires = (now + rules.Expiry).ToUnixTimeMilliseconds();
        var counted = await db.QueryAsync(
            OtpCodesSql.Send,
            row => row.GetInt64(0),
            ("identifier", identifier),
            ("purpose", purpose),
            ("now", at),
            ("expires", expires),
            ("cooldown", Milliseconds(rules.Cooldown)),
            ("perHour", rules.SendsPerHour),
            ("perDay", rules.SendsPerDay),
            ("budget", options.FailureBudget),
            ("lockFor", Milliseconds(options.LockFor)));
        if (counted.Count == 0)
        {
            return false;
        }

        await ExecuteAsync(db, SentCodesSql.Supersede, ("identifier", identifier), ("purpose", purpose));
        await ExecuteAsync(db, SentCodesSql.DeleteOld, ("identifier", identifier), ("purpose", purpose), ("now", at));
        await ExecuteAsync(
            db,
            SentCodesSql.Add,
            ("identifier", identifier),
            ("purpose", purpose),
            ("binding", request.Binding.Challenge),
            ("hash", hash),
            ("now", at),
            ("expires", expires));
        return true;
    }

    /// <summary>Counts the attempt, compares the code, and redeems it if it matches.</summary>
    /// <returns>The row after the comparison, or null if there was no code to compare with.</returns>
    public async Task<Comparison?> VerifyAsync(
        PortalDbContext db, Identifier identifier, Purpose purpose, string hash, OtpOptions options, DateTimeOffset now)
    {
        var compared = (await db.QueryAsync(
            OtpCodesSql.Verify,
            row => new Comparison(
                row.GetInt64(0) == 1,
                row.GetInt64(1) == 1,
                row.GetInt32(2),
                row.GetInt32(3),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
            ("identifier", identifier.Value),
            ("purpose", purpose.Name()),
            ("hash", hash),
            ("now", now.ToUnixTimeMilliseconds()),
            ("maxAttempts", options.For(purpose).MaxAttempts),
            ("budget", options.FailureBudget),
            ("lockFor", Milliseconds(options.LockFor)))).SingleOrDefault();
        if (compared is { Verified: true })
        {
            await ExecuteAsync(db, SentCodesSql.Redeem, ("identifier", identifier.Value), ("purpose", purpose.Name()));
        }
        else if (compared is { Superseded: false })
        {
            await ExecuteAsync(
                db,
                SentCodesSql.CountAttempt,
                ("identifier", identifier.Value),
                ("purpose", purpose.Name()),
                ("sentAt", compared.LastSentAt.ToUnixTimeMilliseconds()));
        }

        return compared;
    }

    /// <summary>
    /// The stored row, or null. A row that is due to be purged counts as purged, so that nobody can tell whether the purge ran.
    /// </summary>
    public Task<OtpCode?> FindAsync(
        PortalDbContext db, Identifier identifier, Purpose purpose, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (key, name) = (identifier.Value, purpose.Name());
        return db.OtpCodes.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Email == key && row.Purpose == name && row.PurgeAfter > now, cancellationToken);
    }

    /// <summary>Whether the hash is that of the newest code, and the code was redeemed.</summary>
    public async Task<bool> IsRedeemedAsync(PortalDbContext db, OtpCode row, string hash) => await db.QueryAsync(
        SentCodesSql.IsNewestRedeemed,
        found => found.GetInt64(0),
        ("identifier", row.Email),
        ("purpose", row.Purpose),
        ("hash", hash),
        ("sentAt", row.LastSentAt.ToUnixTimeMilliseconds())) is { Count: > 0 };

    /// <summary>Restores the failure budget of an identifier. Nothing else of its codes changes.</summary>
    /// <param name="purpose">The purpose; null for all purposes.</param>
    /// <returns>The number of budgets that were not full.</returns>
    public async Task<int> UnlockAsync(PortalDbContext db, Identifier identifier, Purpose? purpose) =>
        await ExecuteAsync(db, OtpCodesSql.Unlock, ("identifier", identifier.Value), ("purpose", purpose?.Name() ?? ""));

    /// <summary>Invalidates all codes of the identifiers. Strangers see no difference.</summary>
    public async Task EndAsync(PortalDbContext db, IEnumerable<Identifier> identifiers)
    {
        foreach (var identifier in identifiers)
        {
            await ExecuteAsync(db, SentCodesSql.End, ("identifier", identifier.Value));
        }
    }

    /// <summary>The numbers of stored codes of a purpose: those that can be redeemed now, and all.</summary>
    public async Task<(long Active, long All)> CountAsync(PortalDbContext db, Purpose purpose, DateTimeOffset now) => (await db.QueryAsync(
        OtpCodesSql.Count,
        row => (row.GetInt64(1), row.GetInt64(0)),
        ("purpose", purpose.Name()),
        ("now", now.ToUnixTimeMilliseconds())))[0];

    private static async Task<int> ExecuteAsync(PortalDbContext db, string sql, params (string Name, object Value)[] values) =>
        (await db.QueryAsync(sql, row => row.FieldCount, values)).Count;

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    /// <summary>The state of a row after a comparison.</summary>
    /// <param name="Verified">Whether the code matched, and is now redeemed.</param>
    /// <param name="Superseded">Whether an earlier code was entered.</param>
    /// <param name="Attempts">Wrong guesses against the current code, including this one.</param>
    /// <param name="Failures">Wrong guesses in a row, including this one.</param>
    /// <param name="LastSentAt">When the current code was sent.</param>
    public sealed record Comparison(bool Verified, bool Superseded, int Attempts, int Failures, DateTimeOffset LastSentAt);
}
