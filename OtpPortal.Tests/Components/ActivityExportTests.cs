using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Activity;
using OtpPortal.Components.Admin;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Components;

/// <summary>The activity log as a file: whole, of any size, for administrators only, and harmless in a spreadsheet.</summary>
public sealed class ActivityExportTests : IAsyncLifetime
{
    private const string Admin = "admin@example.com";

    private readonly ApiHost api = new();
    private HttpClient admin = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        api.Portal.With("Admin:Emails", Admin);
        await api.InitializeAsync();
        await api.VerifiedAsync(Admin);
        await api.LoginAsync(Admin);
        admin = await api.Portal.BrowserOfAsync(Admin);
        await api.Portal.Lane.RunAsync(db => db.Activity.ExecuteDeleteAsync(), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task The_CSV_export_has_a_header_and_a_line_for_each_event()
    {
        await RecordAsync(
            new() { Kind = ActivityEventKind.HandedOver, Purpose = "login", Channel = "email", Address = "ann@example.com", Delay = 812 });
        await RecordAsync(new() { Kind = ActivityEventKind.Purged, Count = 7, Detail = "codes" });

        using var answer = await admin.GetAsync(new Uri("/admin/activity.csv", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv; charset=utf-8; header=present", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=\"activity-20260301T120000Z.csv\"", answer.Content.Headers.ContentDisposition?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var (node, ids) = (Environment.MachineName, await IdsAsync());
        Assert.Equal(
            $"""
            id,at,kind,purpose,channel,address,client,browser,node,correlation,delayMs,count,detail
            {ids[0]},2026-03-01T12:00:00.000Z,purged,,,,,,"{node}",,,7,"codes"
            {ids[1]},2026-03-01T12:00:00.000Z,handedOver,"login","email","ann@example.com",,,"{node}",,812,,

            """.ReplaceLineEndings("\r\n"),
            await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task The_JSON_export_is_one_array()
    {
        await RecordAsync(
            new() { Kind = ActivityEventKind.HandedOver, Purpose = "login", Channel = "email", Address = "jörg@example.com", Delay = 812 });
        await RecordAsync(new() { Kind = ActivityEventKind.Purged, Count = 7, Detail = "codes" });

        using var answer = await admin.GetAsync(new Uri("/admin/activity.json", UriKind.Relative), Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=\"activity-20260301T120000Z.json\"", answer.Content.Headers.ContentDisposition?.ToString());
        var events = JsonSerializer.Deserialize<JsonElement[]>(text)!;
        Assert.Equal(["purged", "handedOver"], events.Select(one => one.GetProperty("kind").GetString()));
        Assert.Equal((7, "codes"), (events[0].GetProperty("count").GetInt32(), events[0].GetProperty("detail").GetString()));
        Assert.Equal(
            (812, "2026-03-01T12:00:00.000Z"), (events[1].GetProperty("delayMs").GetInt32(), events[1].GetProperty("at").GetString()));
        Assert.Contains("\"jörg@example.com\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task The_activity_export_has_what_the_filter_finds_and_nothing_else(string format)
    {
        foreach (var person in new[] { "ann@example.com", "ben@example.com" })
        {
            await RecordAsync(new() { Kind = ActivityEventKind.WrongCode, Purpose = "login", Address = person });
            await RecordAsync(new() { Kind = ActivityEventKind.Sent, Purpose = "register", Address = person });
        }

        var who = Uri.EscapeDataString(api.Portal.Services.GetRequiredService<ProtectedText>().Protect("ann@example.com"));
        var text = await admin.GetStringAsync(
            new Uri($"/admin/activity.{format}?kind=wrongCode&purpose=login&who={who}&from=2026-03-01T12:00&to=2026-03-01T12:01",
                UriKind.Relative), Cancel);
        var nothing = await admin.GetStringAsync(new Uri($"/admin/activity.{format}?to=2026-03-01T12:00", UriKind.Relative), Cancel);

        Assert.Contains("ann@example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ben@example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("register", text, StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", nothing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind=everything", "There is no kind of event \"everything\". Allowed: sent,")]
    [InlineData("purpose=fun", "There is no purpose \"fun\". Allowed: register, login, forgot_password.")]
    [InlineData("from=yesterday", "like 2026-03-01T14:03")]
    [InlineData("who=ann@example.com", "Enter the address again.")]
    public async Task An_activity_export_with_a_wrong_filter_is_explained_and_makes_no_file(string query, string said)
    {
        await RecordAsync(new() { Kind = ActivityEventKind.Sent, Purpose = "login", Address = "ann@example.com" });
        foreach (var format in new[] { "csv", "json" })
        {
            using var answer = await admin.GetAsync(new Uri($"/admin/activity.{format}?{query}", UriKind.Relative), Cancel);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_large_activity_export_is_complete_and_in_order()
    {
        const int events = 30_000;
        await FillAsync(events);

        var json = await JsonSerializer.DeserializeAsync<JsonElement[]>(
            await admin.GetStreamAsync(new Uri("/admin/activity.json", UriKind.Relative), Cancel), cancellationToken: Cancel);
        var csv = await admin.GetStringAsync(new Uri("/admin/activity.csv", UriKind.Relative), Cancel);

        var ids = await IdsAsync();
        Assert.Equal(events, ids.Count);
        Assert.Equal(ids, json!.Select(one => one.GetProperty("id").GetInt64()));
        Assert.Equal(ids.Select(id => $"{id}"), csv.Split("\r\n")[1..^1].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task The_activity_export_stops_when_the_administrator_loses_the_role()
    {
        // More than all the buffers on the way hold, so that it waits for its reader.
        await FillAsync(100_000);
        using var answer = await admin.GetAsync(
            new Uri("/admin/activity.json", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await body.ReadExactlyAsync(new byte[1000], Cancel);

        await api.Portal.Lane.RunAsync(db => db.Users.ExecuteUpdateAsync(row => row.SetProperty(user => user.IsAdmin, false)), Cancel);

        // Broken off: nobody can take it for the whole.
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancel));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"https://evil.example\")", "\"'=HYPERLINK(\"\"https://evil.example\"\")\"")]
    [InlineData("+447700900123", "\"'+447700900123\"")]
    [InlineData("-1+1", "\"'-1+1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  =1+1", "\"'  =1+1\"")]
    [InlineData("\t=1+1", "\"'\t=1+1\"")]
    [InlineData("\r=1+1", "\"'\r=1+1\"")]
    [InlineData("\n=1+1", "\"'\n=1+1\"")]
    [InlineData("a,b;c", "\"a,b;c\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("ann@example.com", "\"ann@example.com\"")]
    [InlineData("", "")]
    public void No_text_in_the_CSV_export_is_a_formula_or_a_separator(string text, string cell) =>
        Assert.Equal(cell, ActivityExport.Cell(text));

    private Task RecordAsync(ActivityEvent happened) => api.Portal.Lane.RunAsync(
        db => db.RecordAsync(new()
        {
            At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), Kind = happened.Kind, Purpose = happened.Purpose, Channel = happened.Channel,
            Address = happened.Address, Delay = happened.Delay, Count = happened.Count, Detail = happened.Detail,
        }),
        Cancel);

    /// <summary>The events, newest first.</summary>
    private Task<List<long>> IdsAsync() =>
        api.Portal.ReadAsync(db => db.Activity.OrderByDescending(one => one.Id).Select(one => one.Id).ToListAsync(Cancel));

    private Task FillAsync(int events) => api.Portal.Lane.RunAsync(
        db => db.Database.ExecuteSqlAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {events})
            INSERT INTO Activity (At, Kind, Purpose, Channel, Address, Client, Browser, Node, Correlation, Detail)
            SELECT 1772366400000 + i / 3, 1, 'login', 'email', 'person' || i || '@example.com', '192.0.2.1', 'Firefox on Windows', 'node', '0123456789abcdef0123456789abcdef', '' FROM n
            """,
            Cancel),
        Cancel);
}
