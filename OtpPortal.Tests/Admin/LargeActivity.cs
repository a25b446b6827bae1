using Microsoft.Data.Sqlite;
using OtpPortal.Activity;
using OtpPortal.Tests.Support;
using ActivityEventKind = OtpPortal.Data.ActivityEventKind;

namespace OtpPortal.Tests.Admin;

/// <summary>
/// Thirty days of a portal whose people come from a few large mail domains and many small ones. It is written through a connection of its
/// own: a million transactions would take longer than what is measured.
/// </summary>
internal static class LargeActivity
{
    private static readonly (ActivityEventKind Kind, string Channel)[] Kinds =
    [
        (ActivityEventKind.Sent, "email"), (ActivityEventKind.HandedOver, "email"), (ActivityEventKind.Verified, ""),
        (ActivityEventKind.Sent, "email"), (ActivityEventKind.HandedOver, "email"),
        (ActivityEventKind.Verified, ""), (ActivityEventKind.WrongCode, ""), (ActivityEventKind.RefusedByCooldown, "email"),
        (ActivityEventKind.DecoySent, "email"), (ActivityEventKind.DeliveryRetried, "email"),
    ];

    private static readonly string[] Purposes = ["login", "login", "register", "forgot_password"];

    /// <summary>Writes so many events and codes.</summary>
    public static void Fill(PortalHost portal, int events, int codes)
    {
        var now = portal.Clock!.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = new SqliteConnection($"Data Source={portal.DatabasePath};Pooling=False");
        connection.Open();
        using var fast = connection.CreateCommand();
        fast.CommandText = "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;";
        fast.ExecuteNonQuery();
        using (var transaction = connection.BeginTransaction())
        {
            FillActivity(connection, now, events);
            transaction.Commit();
        }

        using (var transaction = connection.BeginTransaction())
        {
            FillCodes(connection, now, codes);
            transaction.Commit();
        }
    }

    private static void FillCodes(SqliteConnection connection, long now, int codes)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $codes - 1)
            INSERT INTO OtpCodes (Email, Purpose, ExpiresAt, LastSentAt, Attempts, CreatedAt, VerifiedAt, Failures, LastFailureAt,
                HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
            SELECT 'person' || i || '@domain' || (i % 1000) || '.example', CASE i % 3 WHEN 0 THEN 'register' WHEN 1 THEN 'login' ELSE 'forgot_password' END,
                $now - 43200000 + i % 43500000, $now - 43200000 + i % 43500000 - 300000, 0, $now, CASE WHEN i % 2 = 0 THEN $now END, 0, NULL,
                $now, 1, $now, 1, $now + 86400000
            FROM n
            """;
        insert.Parameters.AddWithValue("$codes", codes);
        insert.Parameters.AddWithValue("$now", now);
        insert.ExecuteNonQuery();
    }

    private static void FillActivity(SqliteConnection connection, long now, int events)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Delay, Bucket, Count, Detail)
            VALUES ($at, $kind, $purpose, $channel, $address, $client, 'Firefox on Windows', 'node', '0123456789abcdef0123456789abcdef', $delay, $bucket, NULL, '')
            """;
        var values = new[] { "$at", "$kind", "$purpose", "$channel", "$address", "$client", "$delay", "$bucket" }
            .ToDictionary(name => name, name => insert.Parameters.AddWithValue(name, ""), StringComparer.Ordinal);
        var state = 88172645463325252UL;
        for (var i = 0; i < events; i++)
        {
            // Marsaglia's xorshift64: quick, and the same every time.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            var (kind, channel) = Kinds[state % 10];
            var hasDelay = kind is ActivityEventKind.HandedOver or ActivityEventKind.Verified;
            var delay = (long)(1UL << (int)((state >> 8) % 16)) + (long)((state >> 12) % 1000);

            // One in two at a large domain, the others at one of two thousand.
            var domain = (state >> 20) % 2 == 0 ? (state >> 21) % 5 : (state >> 21) % 2000;
            values["$at"].Value = now - (30L * 86_400_000) + (long)(i * (30.0 * 86_400_000 / events));
            values["$kind"].Value = (int)kind;
            values["$purpose"].Value = Purposes[(state >> 34) % 4];
            values["$channel"].Value = channel;
            values["$address"].Value = $"person{(state >> 36) % 300_000}@domain{domain}.example";
            values["$client"].Value = $"192.0.2.{(state >> 55) % 256}";
            values["$delay"].Value = hasDelay ? delay : DBNull.Value;
            values["$bucket"].Value = hasDelay ? DelayBuckets.Of(delay) : DBNull.Value;
            insert.ExecuteNonQuery();
        }
    }
}
