using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Web;

namespace OtpPortal.Components.Admin;

/// <summary>
/// The activity log as a file of any size, which is written while it is read. The role is checked again for every batch, because a large
/// file takes minutes.
/// </summary>
internal static class ActivityExport
{
    private static readonly string[] Columns =
        ["id", "at", "kind", "purpose", "channel", "address", "client", "browser", "node", "correlation", "delayMs", "count", "detail"];

    // The JSON is a file and not part of a page, so that letters of all scripts can stay unescaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Maps <c>/admin/activity.csv</c> and <c>/admin/activity.json</c>, which take the same filter as the page.</summary>
    public static void MapActivityExport(this IEndpointRouteBuilder app)
    {
        var files = app.MapGroup("/admin").RequireAuthorization(policy => policy.RequireRole(PortalClaims.Admin));
        files.MapGet(
            "activity.csv", (HttpContext context, ActivitySearch search, ProtectedText texts, AdminCheck admins, TimeProvider clock) =>
            WriteAsync(context, search, texts, admins, clock, "csv", "text/csv; charset=utf-8; header=present", CsvAsync));
        files.MapGet(
            "activity.json", (HttpContext context, ActivitySearch search, ProtectedText texts, AdminCheck admins, TimeProvider clock) =>
            WriteAsync(context, search, texts, admins, clock, "json", "application/json", JsonAsync));
    }

    private static async Task WriteAsync(
        HttpContext context, ActivitySearch search, ProtectedText texts, AdminCheck admins, TimeProvider clock, string extension,
            string type,
        Func<Stream, IAsyncEnumerable<IReadOnlyList<ActivityEvent>>, CancellationToken, Task> write)
    {
        var filter = ActivityQuery.Read(context.Request.Query, texts, out var error);
        if (error is not null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(error, context.RequestAborted);
            return;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"activity-{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.{extension}");
        context.Response.ContentType = type;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        context.Response.Headers.CacheControl = "no-store";
        await write(context.Response.Body, AllowedAsync(), context.RequestAborted);

        async IAsyncEnumerable<IReadOnlyList<ActivityEvent>> AllowedAsync()
        {
            await foreach (var batch in search.AllAsync(filter, context.RequestAborted))
            {
                if (!await admins.IsAdminAsync(context.User, context.RequestAborted))
                {
                    // The connection is aborted, so that nobody takes a part of the file for all of it.
                    context.Abort();
                    yield break;
                }

                yield return batch;
            }
        }
    }

    /// <summary>Writes CSV (RFC 4180) in UTF-8.</summary>
    internal static async Task CsvAsync(
        Stream body, IAsyncEnumerable<IReadOnlyList<ActivityEvent>> batches, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(string.Join(',', Columns).AsMemory(), cancellationToken);
        await foreach (var batch in batches)
        {
            foreach (var one in batch)
            {
                await writer.WriteLineAsync(Line(one).AsMemory(), cancellationToken);
            }

            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes one array of objects.</summary>
    internal static async Task JsonAsync(
        Stream body, IAsyncEnumerable<IReadOnlyList<ActivityEvent>> batches, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(body, Plain);
        writer.WriteStartArray();
        await foreach (var batch in batches)
        {
            foreach (var one in batch)
            {
                Write(writer, one);
            }

            await writer.FlushAsync(cancellationToken);
        }

        writer.WriteEndArray();
        await writer.FlushAsync(cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, ActivityEvent one)
    {
        json.WriteStartObject();
        json.WriteNumber("id", one.Id);
        json.WriteString("at", Time(one));
        json.WriteString("kind", EventKind.Of(one.Kind).Key);
        json.WriteString("purpose", one.Purpose);
        json.WriteString("channel", one.Channel);
        json.WriteString("address", one.Address);
        json.WriteString("client", one.Client);
        json.WriteString("browser", one.Browser);
        json.WriteString("node", one.Node);
        json.WriteString("correlation", one.Correlation);
        if (one.Delay is { } delay)
        {
            json.WriteNumber("delayMs", delay);
        }

        if (one.Count is { } count)
        {
            json.WriteNumber("count", count);
        }

        json.WriteString("detail", one.Detail);
        json.WriteEndObject();
    }

    private static string Line(ActivityEvent one) => string.Join(
        ',',
        one.Id.ToString(CultureInfo.InvariantCulture),
        Time(one),
        EventKind.Of(one.Kind).Key,
        Cell(one.Purpose),
        Cell(one.Channel),
        Cell(one.Address),
        Cell(one.Client),
        Cell(one.Browser),
        Cell(one.Node),
        Cell(one.Correlation),
        one.Delay?.ToString(CultureInfo.InvariantCulture),
        one.Count?.ToString(CultureInfo.InvariantCulture),
        Cell(one.Detail));

    // ISO 8601, to the millisecond.
    private static string Time(ActivityEvent one) =>
        one.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// A quoted field. Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV Injection), because
    /// strangers choose their addresses and administrators open the file.
    /// </summary>
    internal static string Cell(string text)
    {
        var guard = text.TrimStart() is ['=' or '+' or '-' or '@', ..] || text is ['\t' or '\r' or '\n', ..] ? "'" : "";
        return text.Length == 0 ? "" : $"\"{guard}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
