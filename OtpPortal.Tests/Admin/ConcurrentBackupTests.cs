using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>A backup beside a writer that never pauses, restored afterwards.</summary>
public sealed class ConcurrentBackupTests : BackupCommandTest
{
    [Fact]
    public async Task A_backup_beside_a_constant_writer_ends_and_has_all_that_was_answered_before_it_began()
    {
        await FillAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var answered = 0;
        var writer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await portal.Lane.RunAsync(db => AddAsync(db, $"new{answered}@example.com"), Cancel);
                    Interlocked.Increment(ref answered);
                }
            },
            Cancel);
        while (Volatile.Read(ref answered) < 50)
        {
            await Task.Delay(1, Cancel);
        }

        var before = Volatile.Read(ref answered);
        var watch = Stopwatch.StartNew();
        var (code, said) = await SayAsync(Target);
        var during = Volatile.Read(ref answered) - before;
        await stop.CancelAsync();
        await writer;

        Assert.True(code == 0, said);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.True(during > 10, $"Only {during} writes ended while the backup ran.");
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder.FullName));

        await AssertRestoredAsync(answered: before);
    }

    /// <summary>As large as a portal that was used for a while: a copy takes many writes' time.</summary>
    private Task FillAsync() => portal.Lane.RunAsync(
        db => db.QueryAsync(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO PasswordFailures (Email, "
                + "Failures, LastFailureAt) SELECT 'old' || i || '@example.com', 1, 0 FROM n RETURNING 1",
            row => row.GetInt64(0)),
        Cancel);

    /// <summary>The backup is restored as the docs say: put in place, and opened by a portal.</summary>
    private async Task AssertRestoredAsync(int answered)
    {
        await using var restored = new PortalHost { Database = Target };
        await restored.StartAsync();
        var emails = (await restored.ReadAsync(db => db.PasswordFailures.Select(row => row.Email).ToListAsync(Cancel))).ToHashSet(
            StringComparer.Ordinal);
        Assert.Equal(100_000, emails.Count(email => email.StartsWith("old", StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(0, answered), i => Assert.Contains($"new{i}@example.com", emails));
        await restored.Lane.RunAsync(db => AddAsync(db, "afterwards@example.com"), Cancel);
    }
}
