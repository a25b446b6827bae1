using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>The write lane on a file that is locked, full or missing: callers are refused in time, and served again afterwards.</summary>
public sealed class WriteLaneUnavailableTests : WriteLaneLimitTest
{
    [Fact]
    public async Task Callers_of_the_write_lane_are_refused_within_five_seconds_while_the_file_is_locked()
    {
        var other = await FileLock.TakeAsync(portal.DatabasePath);
        var watch = Stopwatch.StartNew();
        var waiting = Enumerable.Range(0, 200).Select(i => portal.Lane.RunAsync(db => AddAsync(db, $"locked{i}"), Cancel)).ToList();

        foreach (var one in waiting)
        {
            var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => one);
            Assert.IsType<SqliteException>(failure.InnerException);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await other.DisposeAsync();
        await portal.Lane.RunAsync(db => AddAsync(db, "afterwards"), Cancel);
        Assert.Equal(["afterwards"], await WrittenAsync());
    }

    [Fact]
    public async Task A_lock_of_two_seconds_on_the_file_fails_no_work_of_the_write_lane()
    {
        var other = await FileLock.TakeAsync(portal.DatabasePath);
        var waiting = Enumerable.Range(0, 10).Select(i => portal.Lane.RunAsync(db => AddAsync(db, $"waited{i}"), Cancel)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        await other.DisposeAsync();

        await Task.WhenAll(waiting);
        Assert.Equal(10, (await WrittenAsync()).Count);
    }

    [Fact]
    public async Task A_full_database_refuses_all_work_of_a_commit_and_later_work_is_written_once_there_is_room()
    {
        // The limit is one of the lane's own connection: it lasts until that is opened anew, which a full database brings about.
        await portal.Lane.RunAsync(db => db.QueryAsync("PRAGMA max_page_count=1", row => row.GetInt64(0)), Cancel);
        await HoldAsync();
        var before = portal.Lane.RunAsync(db => AddAsync(db, "before"), Cancel);
        var large = portal.Lane.RunAsync(db => AddAsync(db, new string('a', 1_000_000)), Cancel);
        var after = portal.Lane.RunAsync(db => AddAsync(db, "after"), Cancel);
        held.SetResult();

        foreach (var refused in new[] { before, large })
        {
            var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => refused);
            Assert.Contains("database or disk is full", failure.Message, StringComparison.Ordinal);
        }

        await after;
        Assert.Equal(["after"], await WrittenAsync());
    }

    [Fact]
    public async Task The_write_lane_does_not_make_a_missing_file_anew()
    {
        var file = portal.Services.GetRequiredService<DatabaseFile>();
        await using var lane = new WriteLane(file, Clock);
        File.Move(portal.DatabasePath, portal.DatabasePath + ".gone");

        var failure = await Assert.ThrowsAsync<ServiceUnavailableException>(() => lane.RunAsync(db => AddAsync(db, "gone"), Cancel));

        Assert.Contains("unable to open database file", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(portal.DatabasePath));
        File.Move(portal.DatabasePath + ".gone", portal.DatabasePath);
        await lane.RunAsync(db => AddAsync(db, "back"), Cancel);
        Assert.Equal(["back"], await WrittenAsync());
    }
}
