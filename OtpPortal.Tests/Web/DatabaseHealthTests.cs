using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>A database that is held, gone, replaced, read-only or of another program, as the health check tells it.</summary>
public sealed class DatabaseHealthTests : HealthTest
{
    [Fact]
    public async Task A_database_that_another_holds_is_not_ready_and_the_process_is_live_and_the_log_has_it_once()
    {
        await using (var other = new SqliteConnection($"Data Source={portal.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Cancel);
            await ExecuteAsync(other, "BEGIN EXCLUSIVE");

            // Both are asked while the first is still waiting: one proof is under way at a time.
            await Task.WhenAll(IsUnreadyAsync(), IsUnreadyAsync());
            await IsAsync(HttpStatusCode.OK, """{"status":"live"}""", "/health/live");
            await IsUnreadyAsync();
            await ExecuteAsync(other, "ROLLBACK");
        }

        // What was begun is finished first.
        while ((await GetAsync("/health/ready")).Status != HttpStatusCode.OK)
        {
            portal.Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [(LogLevel.Error, "Health: database is unhealthy: No answer within 3 s. "),
                (LogLevel.Information, "Health: database is healthy again ")],
            Reported().Select(line => (line.Level, line.Text)));
    }

    [Fact]
    public async Task A_database_that_was_removed_is_not_ready_though_its_connections_go_on()
    {
        await IsAsync(HttpStatusCode.OK, Ready);
        File.Move(portal.DatabasePath, portal.DatabasePath + ".gone");
        portal.Wait(TimeSpan.FromSeconds(1));
        await IsUnreadyAsync();
        Assert.False(File.Exists(portal.DatabasePath), "To ask has made a new file.");

        File.Move(portal.DatabasePath + ".gone", portal.DatabasePath);
        portal.Wait(TimeSpan.FromSeconds(1));
        await IsAsync(HttpStatusCode.OK, Ready);
    }

    [Fact]
    public async Task A_database_that_was_replaced_by_an_empty_one_is_not_ready()
    {
        await IsAsync(HttpStatusCode.OK, Ready);
        File.Move(portal.DatabasePath, portal.DatabasePath + ".gone");
        await File.WriteAllBytesAsync(portal.DatabasePath, [], Cancel);
        portal.Wait(TimeSpan.FromSeconds(1));
        await IsUnreadyAsync();
    }

    [Fact]
    public async Task A_database_that_can_only_be_read_is_not_ready()
    {
        // The lane's own connection, until it begins anew.
        await portal.Lane.RunAsync(db => db.Database.ExecuteSqlRawAsync("PRAGMA query_only=1;", Cancel), Cancel);
        await IsUnreadyAsync();
        Assert.Contains("readonly", Assert.Single(Reported()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_with_the_schema_of_another_program_is_not_ready()
    {
        await portal.Lane.RunAsync(
            db => db.Database.ExecuteSqlRawAsync(
                "DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT MAX(MigrationId) FROM __EFMigrationsHistory)", Cancel),
                    Cancel);
        await IsUnreadyAsync();
    }

    private async Task IsUnreadyAsync()
    {
        var (status, text) = await GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);

        // A word for each, and nothing of paths, reasons and numbers.
        Assert.Matches("""^\{"status":"unready","delivery":"(ready|degraded)","database":"unready"\}$""", text);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
