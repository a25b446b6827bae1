using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>The purge beside people who send and verify. PURGE_ROWS=1000000 makes it as large as the design promises.</summary>
public sealed class PurgeTests : IAsyncLifetime
{
    private readonly PortalHost portal = new() { Clock = null };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => portal.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Everybody_is_served_while_a_great_many_dead_rows_are_purged()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("PURGE_ROWS") ?? "50000", CultureInfo.InvariantCulture);
        await FillAsync(rows);
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var pass = Task.Run(() => portal.Services.GetServices<IPurge>().OfType<CodePurge>().Single().RunAsync(Cancel), Cancel);

        var slowest = TimeSpan.Zero;
        var served = 0;
        while (!pass.IsCompleted)
        {
            var email = string.Create(CultureInfo.InvariantCulture, $"alive{served}@example.com");
            Assert.IsType<SendOutcome.Sent>(
                await TimedAsync(() => portal.Otp.SendAsync(new(Identifier.FromStored(email), Purpose.Login, Binding.None), Cancel)));
            var code = await portal.CodeForAsync(email);
            Assert.IsType<VerifyOutcome.Verified>(
                await TimedAsync(() => portal.Otp.VerifyAsync(Identifier.FromStored(email), Purpose.Login, Binding.None, code, Cancel)));
            served++;
        }

        var removed = await pass;
        var took = clock.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{removed} rows in {took.TotalSeconds:0.0} s; meanwhile {served} sends and {served} verifications, the slowest "
                + $"{slowest.TotalMilliseconds:0} ms");
        Assert.Equal(rows, removed);
        Assert.True(served > 0, "Nobody came while the pass ran.");
        Assert.Equal(served, await portal.ReadAsync(db => db.OtpCodes.CountAsync(Cancel)));

        async Task<T> TimedAsync<T>(Func<Task<T>> act)
        {
            var begun = clock.GetTimestamp();
            var result = await act();
            var time = clock.GetElapsedTime(begun);
            slowest = time > slowest ? time : slowest;
            return result;
        }
    }

    [Fact]
    public async Task A_cancelled_purge_stops_at_once_and_what_it_removed_stays_removed()
    {
        await FillAsync(20_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var gate = new TaskCompletionSource();

        // In the lane wait, in this order: who holds it up, the first batch, and who stops the pass. The second batch comes after them.
        var holding = portal.Lane.RunAsync(_ => gate.Task, Cancel);
        var pass = portal.Services.GetServices<IPurge>().OfType<CodePurge>().Single().RunAsync(stop.Token);
        var stopping = portal.Lane.RunAsync(_ => stop.CancelAsync(), Cancel);
        gate.SetResult();
        await Task.WhenAll(holding, stopping);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        Assert.Equal(20_000 - BatchedDelete.Size, await portal.ReadAsync(db => db.OtpCodes.CountAsync(Cancel)));
    }

    private Task FillAsync(int rows) => portal.Lane.RunAsync(
        db => db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            INSERT INTO OtpCodes (Email, Purpose, ExpiresAt, LastSentAt, Attempts, CreatedAt,
                Failures, HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
            SELECT 'dead' || i || '@example.com', 'login', 1000, 1000, 0, 1000, 0, 1000, 1, 1000, 1, 1000 + i FROM n
            """,
            Cancel),
        Cancel);
}
