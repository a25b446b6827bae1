using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>The one way into the database for writes.</summary>
public sealed class WriteLaneTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unit_of_work_that_throws_leaves_nothing_and_fails_none_that_share_its_commit()
    {
        var release = await HoldAsync();

        var before = portal.Lane.RunAsync(db => AddAsync(db, "before"), Cancel);
        var bad = portal.Lane.RunAsync(
            async db =>
            {
                await AddAsync(db, "bad");
                throw new InvalidDataException("no");
            },
            Cancel);
        var broken = portal.Lane.RunAsync(db => db.Database.ExecuteSqlRawAsync("INSERT INTO Nowhere VALUES (1)"), Cancel);
        var after = portal.Lane.RunAsync(db => AddAsync(db, "after"), Cancel);
        release();

        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        await Assert.ThrowsAsync<SqliteException>(() => broken);
        await Task.WhenAll(before, after);
        Assert.Equal((true, false, true), (await IsThereAsync("before"), await IsThereAsync("bad"), await IsThereAsync("after")));
    }

    [Fact]
    public async Task Callers_of_the_write_lane_are_answered_after_the_commit()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var first = portal.Lane.RunAsync(db => AddAsync(db, "shares"), Cancel);
        var second = portal.Lane.RunAsync(
            async db =>
            {
                await AddAsync(db, "held");
                written.SetResult();
                await release.Task;
            },
            Cancel);
        await written.Task.WaitAsync(Cancel);

        // Another connection sees nothing of a unit that is written and not committed, and its caller waits.
        Assert.False(second.IsCompleted);
        Assert.False(await IsThereAsync("held"));
        release.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal((true, true), (await IsThereAsync("shares"), await IsThereAsync("held")));
    }

    [Fact]
    public async Task The_work_of_many_callers_of_the_write_lane_is_all_written()
    {
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => portal.Lane.RunAsync(db => AddAsync(db, $"many{i}"), Cancel)));

        Assert.Equal(1000, await portal.ReadAsync(db => db.PasswordFailures.CountAsync(row => row.Email.StartsWith("many"), Cancel)));
    }

    [Fact]
    public async Task Work_withdrawn_from_the_write_lane_before_it_began_is_not_done()
    {
        using var withdrawn = new CancellationTokenSource();
        var release = await HoldAsync();
        var ran = false;

        var waiting = portal.Lane.RunAsync(
            _ =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            withdrawn.Token);
        await withdrawn.CancelAsync();
        release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(ran);
    }

    [Fact]
    public async Task Work_of_the_write_lane_that_has_begun_is_finished_even_if_its_caller_goes_away()
    {
        using var gone = new CancellationTokenSource();

        await portal.Lane.RunAsync(
            async db =>
            {
                await gone.CancelAsync();
                await AddAsync(db, "begun");
            },
            gone.Token);

        Assert.True(await IsThereAsync("begun"));
    }

    [Fact]
    public async Task Actions_after_a_commit_run_after_it_and_after_no_failure()
    {
        var seen = false;
        await portal.Lane.RunAsync(
            async db =>
            {
                db.OnCommitted(() => seen = IsThere("followed"));
                await AddAsync(db, "followed");
                Assert.False(seen);
            },
            Cancel);
        Assert.True(seen);

        var woken = false;
        await Assert.ThrowsAsync<InvalidDataException>(() => portal.Lane.RunAsync(
            db =>
            {
                db.OnCommitted(() => woken = true);
                return Task.FromException(new InvalidDataException("no"));
            },
            Cancel));
        Assert.False(woken);
    }

    [Fact]
    public async Task A_reading_context_refuses_to_write()
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM Outbox", Cancel));
        db.PasswordFailures.Add(Row("reading"));
        var update = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));

        Assert.Contains("attempt to write a readonly database", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("attempt to write a readonly database", update.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_write_lane_finishes_what_it_accepted_and_accepts_no_more()
    {
        var lane = new WriteLane(portal.Services.GetRequiredService<DatabaseFile>(), TimeProvider.System);
        var accepted = Enumerable.Range(0, 100).Select(i => lane.RunAsync(db => AddAsync(db, $"stopping{i}"), Cancel)).ToList();

        await lane.DisposeAsync();

        await Task.WhenAll(accepted);
        Assert.True(await IsThereAsync("stopping99"));
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => lane.RunAsync(db => AddAsync(db, "late"), Cancel));
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => lane.RunUrgentAsync(db => AddAsync(db, "late")));
    }

    // Holds the lane with a unit that waits, so that what is queued meanwhile shares its commit.
    private async Task<Action> HoldAsync()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = portal.Lane.RunAsync(
            _ =>
            {
                begun.SetResult();
                return release.Task;
            },
            Cancel);
        await begun.Task.WaitAsync(Cancel);
        return release.SetResult;
    }

    private static async Task AddAsync(PortalDbContext db, string email)
    {
        db.PasswordFailures.Add(Row(email));
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private static PasswordFailures Row(string email) => new() { Email = email, Failures = 1 };

    private Task<bool> IsThereAsync(string email) =>
        portal.ReadAsync(db => db.PasswordFailures.AnyAsync(row => row.Email == email, Cancel));

    private bool IsThere(string email)
    {
        using var connection = new SqliteConnection($"Data Source={portal.DatabasePath};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM PasswordFailures WHERE Email = @email";
        command.Parameters.AddWithValue("@email", email);
        return (long)command.ExecuteScalar()! == 1;
    }
}
