using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>What a load balancer asks.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private const string Ready = """{"status":"ready","delivery":"ready","database":"ready"}""";

    private readonly CollectedLogs logs = new();
    private readonly PortalHost portal;
    private HttpClient client = null!;

    private readonly ScriptedProbe probe = new();

    public HealthTests() =>
        portal = new PortalHost
        {
            Logs = logs,
            Configure = services => services.Replace(ServiceDescriptor.Singleton<IMailProbe>(probe)),
        }.With("AllowedHosts", "portal.example.com").With("RateLimits:Enabled", "true").With("RateLimits:SendsPerMinute", "1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal.UseKestrel(0);
        await portal.StartAsync();
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = portal.ClientOptions.BaseAddress,
        };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        logs.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task The_health_check_answers_under_any_host_name_and_without_a_limit()
    {
        using var page = await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        for (var i = 0; i < 50; i++)
        {
            await IsAsync(HttpStatusCode.OK, Ready);
            await IsAsync(HttpStatusCode.OK, """{"status":"live"}""", "/health/live");
        }

        Assert.Empty(await portal.ReadAsync(db => db.Activity.ToListAsync(Cancel)));
        Assert.Empty(Reported());
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_health_check_takes_GET_and_HEAD_alone(string path)
    {
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancel);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var post = await client.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
    }

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

    [Fact]
    public async Task A_mail_server_that_does_not_answer_degrades_the_node_and_leaves_it_in_service()
    {
        probe.Script = _ => throw new IOException("Nobody there.");
        await ProbeAsync();
        await IsAsync(HttpStatusCode.OK, """{"status":"degraded","delivery":"degraded","database":"ready"}""");
        Assert.Equal(LogLevel.Warning, Assert.Single(Reported()).Level);

        probe.Script = _ => Task.CompletedTask;
        await ProbeAsync();
        await IsAsync(HttpStatusCode.OK, Ready);

        Task ProbeAsync() => portal.Services.GetRequiredService<ChannelHealth>().ProbeAsync(Channels.Email, Cancel);
    }

    [Theory]
    [InlineData(MessageKind.Code)]
    [InlineData(MessageKind.Decoy)]
    public async Task The_health_check_does_not_reveal_how_long_a_message_waits(MessageKind kind)
    {
        // It would tell a stranger whether the address that they have just typed has an account.
        await portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored("ann@example.com"), Purpose.ForgotPassword, OtpSteps.Browser) { Message = kind }, Cancel);
        portal.Wait(TimeSpan.FromMinutes(9));

        await IsAsync(HttpStatusCode.OK, Ready);
    }

    private IReadOnlyList<LogLine> Reported() => [.. logs.Lines.Where(line => line.Category == "OtpPortal.Web.HealthLog")];

    private async Task IsUnreadyAsync()
    {
        var (status, text) = await GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);

        // A word for each, and nothing of paths, reasons and numbers.
        Assert.Matches("""^\{"status":"unready","delivery":"(ready|degraded)","database":"unready"\}$""", text);
    }

    private async Task IsAsync(HttpStatusCode status, string body, string path = "/health/ready") =>
        Assert.Equal((status, body), await GetAsync(path));

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(response.Headers, header => header.Key is "Set-Cookie" or "Server");
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
